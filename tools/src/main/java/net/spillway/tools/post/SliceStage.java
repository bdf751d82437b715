package net.spillway.tools.post;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.Optional;
import net.spillway.fec.ParityEncoder;

/**
 * The thread that adds slices to parity while the next octets are read and the last ones sent.
 * Articles come in the order of their files; a slice that is larger than an article is gathered
 * first.
 */
final class SliceStage implements AutoCloseable {
    private static final Chunk LAST = new Chunk(0, 0, false, null, 0);

    private final ParityEncoder parity;
    private final int sliceSize;
    private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(4);
    private final Thread thread;
    private byte[] gathered = {};
    private int held;
    private volatile Optional<Throwable> failure = Optional.empty();

    /**
     * Data of one article.
     *
     * @param slice the slice it begins in
     * @param offset where in that slice
     * @param endOfFile whether the last slice ends here whatever its length
     */
    record Chunk(int slice, int offset, boolean endOfFile, BufferPool.Buffer data, int length) {}

    SliceStage(ParityEncoder parity, int sliceSize) {
        this.parity = parity;
        this.sliceSize = sliceSize;
        thread = Thread.ofPlatform().daemon().name("slices").start(this::run);
    }

    /** Hands over a chunk, whose data is released when it has been added. */
    void put(Chunk chunk) throws InterruptedException {
        throwFailure();
        queue.put(chunk);
    }

    /** Waits until everything has been added. */
    void finish() throws InterruptedException {
        queue.put(LAST);
        thread.join();
        throwFailure();
    }

    private void throwFailure() {
        if (failure.isPresent()) {
            throw new IllegalStateException("parity could not be computed", failure.get());
        }
    }

    private void run() {
        try {
            for (Chunk chunk = queue.take(); chunk != LAST; chunk = queue.take()) {
                add(chunk);
                chunk.data().release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        } catch (RuntimeException | Error e) {
            failure = Optional.of(e);
            drain();
        }
    }

    /** Keeps whoever fills the queue from waiting for ever. */
    private void drain() {
        try {
            for (Chunk chunk = queue.take(); chunk != LAST; chunk = queue.take()) {
                chunk.data().release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(Chunk chunk) {
        byte[] bytes = chunk.data().bytes();
        boolean alone = chunk.offset() == 0
                && (chunk.length() % sliceSize == 0 || chunk.endOfFile());
        if (alone) {
            for (int at = 0, slice = chunk.slice(); at < chunk.length(); at += sliceSize, slice++) {
                parity.add(slice, bytes, at, Math.min(sliceSize, chunk.length() - at));
            }
            return;
        }
        if (gathered.length == 0) {
            gathered = new byte[sliceSize];
        }
        System.arraycopy(bytes, 0, gathered, chunk.offset(), chunk.length());
        held = chunk.offset() + chunk.length();
        if (held == sliceSize || chunk.endOfFile()) {
            parity.add(chunk.slice(), gathered, 0, held);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

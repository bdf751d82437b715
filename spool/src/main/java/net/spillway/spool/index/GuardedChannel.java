package net.spillway.spool.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import net.spillway.spool.file.NoSpaceException;
import org.h2.store.fs.FileBaseDefault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of H2's files, guarded against two things that H2 does not notice, and one that it takes
 * badly.
 *
 * <p><b>Power cuts.</b> H2 takes a chunk for whole if its first and last octets are there. So of
 * every write the first sector goes last, when all behind it is on the disk for sure, and is itself
 * there before anything else is written: a chunk is there entirely or not at all, and none before
 * the one it follows. H2 writes a few times a second at most, on its own thread.
 *
 * <p><b>Disks that forget.</b> Each block that is read is compared with the {@link BlockSums} of
 * what was written. A file of moderate size is read through when it is opened. Once a block was
 * found damaged, {@link GuardedPath} says so, and the file is not opened again.
 *
 * <p><b>Full disks.</b> H2 closes a database that cannot be written, and with it everything that is
 * only read. So a write that finds no space waits until there is some, and {@link GuardedPath} says
 * so.
 */
final class GuardedChannel extends FileBaseDefault {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedChannel.class);
    private static final int SECTOR = 512;
    /** Octets that are read when it is opened, by default: a fraction of a second's work. */
    private static final long CHECKED_AT_ONCE = 256 << 20;
    private static final int STEP = 1 << 20;
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final FileChannel file;
    private final String name;
    private final GuardedPath.State state;
    private final BlockSums.Store store;
    private BlockSums sums = new BlockSums();
    private volatile boolean condemned;

    /**
     * @param state of the file, as its users see it
     * @param store null if the file is only read
     */
    GuardedChannel(FileChannel file, String name, GuardedPath.State state,
            BlockSums.Store store) {
        this.state = state;
        this.file = file;
        this.name = name;
        this.store = store;
    }

    /** Takes over the sums of the last time, and checks them if that takes no time. */
    void load() throws IOException {
        try {
            sums = store.load(file.size());
            if (file.size() <= Long.getLong("spillway.index.checked-at-once", CHECKED_AT_ONCE)) {
                check();
            }
            store.spoil();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void check() throws IOException {
        ByteBuffer step = ByteBuffer.allocate(STEP);
        long end = file.size() / BlockSums.BLOCK * BlockSums.BLOCK;
        for (long at = 0; at < end; at += STEP) {
            step.clear().limit((int) Math.min(STEP, end - at));
            BlockSums.readFully(file, step, at);
            int damaged = damaged(step, at);
            if (damaged >= 0) {
                throw damage(damaged);
            }
        }
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
        long size = file.size();
        if (at >= size) {
            return -1;
        }
        int n = (int) Math.min(into.remaining(), size - at);
        long from = at / BlockSums.BLOCK * BlockSums.BLOCK;
        long to = Math.min(size, (at + n + BlockSums.BLOCK - 1) / BlockSums.BLOCK
                * BlockSums.BLOCK);
        ByteBuffer blocks = ByteBuffer.allocate((int) (to - from));
        BlockSums.readFully(file, blocks, from);
        if (damaged(blocks, from) >= 0) {
            readAgain(blocks, from);
        }
        into.put(blocks.slice((int) (at - from), n));
        return n;
    }

    /** It may have been written at the very moment; if not, what is there is not what was. */
    private synchronized void readAgain(ByteBuffer blocks, long from) throws IOException {
        BlockSums.readFully(file, blocks.clear(), from);
        int damaged = damaged(blocks, from);
        if (damaged >= 0) {
            condemn();
            throw damage(damaged);
        }
    }

    private void condemn() {
        if (condemned || store == null) {
            state.damaged();
            return;
        }
        condemned = true;
        try {
            store.condemn();
        } catch (IOException e) {
            LOG.warn("{}: that it is damaged could not be noted: {}", name, e.getMessage());
        }
        state.damaged();
    }

    private IOException damage(int block) {
        return new IOException(name + " is damaged: the CRC of the block at "
                + (long) block * BlockSums.BLOCK + " is wrong");
    }

    /** The first block that is not what was written; -1 if all are. */
    private int damaged(ByteBuffer blocks, long from) {
        int first = (int) (from / BlockSums.BLOCK);
        for (int i = 0; (i + 1) * BlockSums.BLOCK <= blocks.limit(); i++) {
            int wanted = sums.get(first + i);
            if (sums.isKnown(first + i) && wanted != BlockSums.of(
                    blocks.slice(i * BlockSums.BLOCK, BlockSums.BLOCK))) {
                return first + i;
            }
        }
        return -1;
    }

    @Override
    public synchronized int write(ByteBuffer from, long at) throws IOException {
        int n = from.remaining();
        note(from, at);
        if (n > SECTOR && at % SECTOR == 0) {
            int start = from.position();
            writeFully(from.slice(start + SECTOR, n - SECTOR), at + SECTOR);
            file.force(false);
            writeFully(from.slice(start, SECTOR), at);
            file.force(false);
            from.position(start + n);
        } else {
            writeFully(from, at);
        }
        if (state.waits(false)) {
            LOG.info("{} is written again", name);
        }
        return n;
    }

    /** Blocks that are written only in part are not known any more. */
    private void note(ByteBuffer from, long at) {
        long end = at + from.remaining();
        for (long block = at / BlockSums.BLOCK; block * BlockSums.BLOCK < end; block++) {
            long start = block * BlockSums.BLOCK;
            boolean whole = start >= at && start + BlockSums.BLOCK <= end;
            sums.set((int) block, whole ? BlockSums.of(from.slice(
                    (int) (from.position() + start - at), BlockSums.BLOCK)) : 0);
        }
    }

    private void writeFully(ByteBuffer from, long at) throws IOException {
        int start = from.position();
        while (from.hasRemaining()) {
            try {
                file.write(from, at + from.position() - start);
            } catch (IOException e) {
                if (!NoSpaceException.is(e) || state.isHurried()) {
                    state.waits(false);
                    throw e;
                }
                awaitSpace(e);
            }
        }
    }

    private void awaitSpace(IOException full) throws IOException {
        if (state.waits(true)) {
            LOG.warn("{} cannot be written, and waits until there is room on its disk: {}. Make"
                    + " some there, and it goes on by itself; until then nothing is stored, and a"
                    + " relay that is starting serves no readers either", name,
                    full.getMessage());
        }
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            state.waits(false);
            throw full;
        }
    }

    @Override
    protected synchronized void implTruncate(long length) throws IOException {
        file.truncate(length);
        sums.forgetFrom((int) (length / BlockSums.BLOCK));
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public void force(boolean metaData) throws IOException {
        file.force(metaData);
    }

    @Override
    public FileLock tryLock(long at, long length, boolean shared) throws IOException {
        return file.tryLock(at, length, shared);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Without sums the next time knows less; but it is not worth failing now. */
    private void save() throws IOException {
        file.force(false);
        try {
            store.save(sums, file.size());
        } catch (IOException e) {
            LOG.warn("checksums of {} could not be written: {}", name, e.getMessage());
        }
    }

    @Override
    protected void implCloseChannel() throws IOException {
        try (file) {
            if (store != null && file.isOpen() && !condemned) {
                save();
            }
        }
    }
}

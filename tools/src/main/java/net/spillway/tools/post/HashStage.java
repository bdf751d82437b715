package net.spillway.tools.post;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.CRC32;
import net.spillway.fec.FileHashes;
import net.spillway.fec.RestartableMd5;
import net.spillway.fec.SliceHasher;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;

/**
 * The thread that hashes files and slices while the next octets are read and the last ones sent.
 * Articles come in their order; several are gathered, whose slices are hashed side by side. What is
 * found is written to the journal, so that a post that is taken up again need not read them again.
 */
final class HashStage implements AutoCloseable {
    private static final Item LAST = new Item(null, 0, null);
    private static final int QUEUE = 4;
    /** Octets of articles gathered at most. */
    private static final int MOST_GATHERED = 24 << 20;

    private final Split split;
    private final PostJournal journal;
    private final SliceHasher hasher;
    private final int batch;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;
    private final List<Item> gathered = new ArrayList<>();
    private final Map<DataFile, List<SliceChecksum>> slices = new HashMap<>();
    private final Map<DataFile, RestartableMd5> whole = new HashMap<>();
    private volatile Throwable failure;
    private volatile boolean failed;

    /** An article of a file. */
    private record Item(DataFile file, int article, BufferPool.Buffer data) {}

    /**
     * Starts the thread.
     *
     * @param expected octets that will be hashed
     */
    HashStage(List<DataFile> files, Split split, PostJournal journal, long expected) {
        this.split = split;
        this.journal = journal;
        this.hasher = new SliceHasher(split.sliceSize(), expected);
        this.batch = batch(split, hasher.atATime());
        for (DataFile file : files) {
            slices.put(file, new ArrayList<>());
            whole.put(file, new RestartableMd5());
        }
        takeUp(files);
        thread = Thread.ofPlatform().daemon().name("hashes").start(this::run);
    }

    /** How many articles are gathered: those of whole slices, as many as are hashed at a time. */
    static int batch(Split split, int slices) {
        int perArticle = Math.max(1, split.articleSize() / split.sliceSize());
        int fit = Math.max(1, MOST_GATHERED / split.articleSize());
        int wanted = Math.clamp(slices / perArticle, 1, fit);
        return wanted * split.articlesPerSlice();
    }

    private void takeUp(List<DataFile> files) {
        int f = 0;
        for (PostJournal.Sums known : journal.knownSums()) {
            while (files.get(f).plan().endArticle() <= known.first()) {
                f++;
            }
            slices.get(files.get(f)).addAll(known.slices());
            whole.put(files.get(f), new RestartableMd5(known.md5()));
        }
    }

    int batch() {
        return batch;
    }

    /** Hands over the next article, whose data is released when it has been hashed. */
    void put(DataFile file, int article, BufferPool.Buffer data)
            throws IOException, InterruptedException {
        throwFailure();
        queue.put(new Item(file, article, data));
    }

    /** Waits until everything has been hashed. */
    void finish() throws IOException, InterruptedException {
        queue.put(LAST);
        thread.join();
        throwFailure();
    }

    /** The hashes of a file all of whose articles have been hashed, in this process or before. */
    FileHashes hashes(DataFile file) {
        return new FileHashes(file.input().length(), whole.get(file).digest(), file.head(),
                slices.get(file));
    }

    private void throwFailure() throws IOException {
        if (failed) {
            if (failure instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("hashing broke off", failure);
        }
    }

    private void run() {
        try {
            for (Item item = queue.take(); item != LAST; item = queue.take()) {
                if (!failed) {
                    add(item);
                }
                if (failed) {
                    item.data().release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    private void add(Item item) {
        try {
            gathered.add(item);
            boolean endOfFile = item.article() + 1 == item.file().plan().endArticle();
            if (gathered.size() == batch || endOfFile) {
                hash();
                gathered.forEach(done -> done.data().release());
                gathered.clear();
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            failed = true;
        }
    }

    private void hash() throws IOException {
        DataFile file = gathered.getFirst().file();
        RestartableMd5 md5 = whole.get(file);
        for (Item item : gathered) {
            md5.update(item.data().bytes(), 0, file.plan().length(item.article()));
        }
        List<SliceChecksum> found = split.articlesPerSlice() > 1
                ? ofLargeSlices(file) : hasher.hash(pieces(file));
        slices.get(file).addAll(found);
        journal.sums(new PostJournal.Sums(
                gathered.getFirst().article(), gathered.size(), md5.state(), found));
    }

    private List<SliceHasher.Piece> pieces(DataFile file) {
        List<SliceHasher.Piece> pieces = new ArrayList<>();
        for (Item item : gathered) {
            int length = file.plan().length(item.article());
            for (int at = 0; at < length; at += split.sliceSize()) {
                pieces.add(new SliceHasher.Piece(item.data().bytes(), at,
                        Math.min(split.sliceSize(), length - at)));
            }
        }
        return pieces;
    }

    /** The gathered articles are one slice, or what there is of the last one of a file. */
    private List<SliceChecksum> ofLargeSlices(DataFile file) {
        var md5 = Hash16.newMd5();
        var crc = new CRC32();
        long octets = 0;
        for (Item item : gathered) {
            int length = file.plan().length(item.article());
            md5.update(item.data().bytes(), 0, length);
            crc.update(item.data().bytes(), 0, length);
            octets += length;
        }
        SliceChecksum.pad(md5, crc, split.sliceSize() - octets);
        return List.of(new SliceChecksum(Hash16.of(md5), (int) crc.getValue()));
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hasher.close();
    }
}

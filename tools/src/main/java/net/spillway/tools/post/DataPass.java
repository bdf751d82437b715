package net.spillway.tools.post;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the files once, an article's worth at a time: the same octets are hashed, added to parity
 * and sent. What was hashed and posted before a crash is not read again.
 */
final class DataPass {
    private final Split split;
    private final Naming naming;
    private final HashStage hashes;
    private final Optional<SliceStage> parity;
    private final PostingPool pool;
    private final BitSet done;
    private final int hashed;
    private final BufferPool buffers;
    private final AtomicLong octetsRead;

    /**
     * A pass.
     *
     * @param hashes where articles are hashed
     * @param hashed how many articles have been hashed before
     * @param done articles that servers have already
     * @param parity where slices are added; empty if that is done in a read of its own
     */
    DataPass(Split split, Naming naming, HashStage hashes, int hashed,
            Optional<SliceStage> parity, PostingPool pool, BitSet done, BufferPool buffers,
            AtomicLong octetsRead) {
        this.split = split;
        this.naming = naming;
        this.hashes = hashes;
        this.hashed = hashed;
        this.parity = parity;
        this.pool = pool;
        this.done = done;
        this.buffers = buffers;
        this.octetsRead = octetsRead;
    }

    /** What may be the end of all before an article is read: it throws then. */
    interface Check {
        void run() throws IOException;
    }

    void run(List<DataFile> files, Check before) throws IOException, InterruptedException {
        for (DataFile file : files) {
            file.input().requireUnchanged();
            try (InputReader in = new InputReader(file.input(), octetsRead)) {
                for (int n = file.plan().firstArticle(); n < file.plan().endArticle(); n++) {
                    before.run();
                    article(file, n, in);
                }
            }
            file.input().requireUnchanged();
        }
    }

    private void article(DataFile file, int n, InputReader in)
            throws IOException, InterruptedException {
        boolean hash = n >= hashed;
        boolean send = !done.get(n);
        int users = (hash ? 1 : 0) + (send ? 1 : 0) + (parity.isPresent() ? 1 : 0);
        if (users == 0) {
            return;
        }
        PlannedFile plan = file.plan();
        long at = plan.begin(n);
        int length = plan.length(n);
        BufferPool.Buffer data = buffers.take(users);
        in.read(at, data.bytes(), 0, length);
        if (at == 0) {
            file.requireSameHead(data.bytes(), length);
        }
        if (hash) {
            hashes.put(file, n, data);
        }
        if (send) {
            pool.put(plan.article(
                    n, new SharedPart(new FilePart(file, n, octetsRead), data), naming));
        }
        if (parity.isPresent()) {
            boolean last = at + length == plan.length();
            parity.get().put(new SliceStage.Chunk(
                    file.firstSlice() + (int) (at / split.sliceSize()),
                    (int) (at % split.sliceSize()), last, data, length));
        }
    }
}

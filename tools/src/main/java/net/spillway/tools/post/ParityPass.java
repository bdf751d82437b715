package net.spillway.tools.post;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.spillway.fec.ParityEncoder;
import net.spillway.tools.progress.Progress;

/**
 * Computes recovery slices in a read of their own, where memory didn't suffice for all of them
 * while the data was posted, or where posting was broken off. The same columns of all slices are read at
 * a time, as many as fit, so that every octet is read once.
 */
final class ParityPass {
    /** Reading fewer octets at a time takes more time for asking than for reading. */
    private static final int LEAST_COLUMNS = 4096;
    private static final int MULTIPLE = 64;

    private final List<DataFile> files;
    private final Split split;
    private final int columns;
    private final AtomicLong octetsRead;

    ParityPass(List<DataFile> files, Split split, long memory, AtomicLong octetsRead) {
        this.files = files;
        this.split = split;
        this.octetsRead = octetsRead;
        // Recovery slices, and as much for slices that wait to be added.
        long fit = memory / (split.recoverySlices() + (long) split.dataSlices());
        long some = Math.max(LEAST_COLUMNS, fit / MULTIPLE * MULTIPLE);
        this.columns = (int) Math.min(split.sliceSize(), some);
    }

    void run(ParityStore store, Progress progress) throws IOException, InterruptedException {
        int chunks = Math.ceilDiv(split.sliceSize(), columns);
        try (Progress.Task task = progress.start("parity",
                (long) split.dataSlices() * split.sliceSize(), Progress.Unit.BYTES);
                ParityEncoder encoder = encoder(columns, chunks)) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                int from = chunk * columns;
                int length = Math.min(columns, split.sliceSize() - from);
                encoder.reset();
                for (DataFile file : files) {
                    add(file, from, length, encoder, task);
                }
                store.write(encoder, from, length);
            }
        }
        for (DataFile file : files) {
            file.input().requireUnchanged();
        }
    }

    private ParityEncoder encoder(int length, int times) {
        return ParityEncoder.builder(length).recovery(0, split.recoverySlices())
                .memory((long) split.dataSlices() * length + (1 << 20))
                .expected(split.dataSlices() * times)
                .threads(Runtime.getRuntime().availableProcessors()).build();
    }

    private void add(DataFile file, int from, int length, ParityEncoder encoder,
            Progress.Task task) throws IOException, InterruptedException {
        byte[] bytes = new byte[length];
        try (InputReader in = new InputReader(file.input(), octetsRead)) {
            int slice = file.firstSlice();
            for (long at = from; at < file.input().length(); at += split.sliceSize()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                int n = (int) Math.min(length, file.input().length() - at);
                in.read(at, bytes, 0, n);
                encoder.add(slice++, bytes, 0, n);
                task.advance(length);
            }
        }
    }
}

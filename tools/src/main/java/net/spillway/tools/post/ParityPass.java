package net.spillway.tools.post;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.spillway.fec.ColumnPlan;
import net.spillway.fec.ParityEncoder;
import net.spillway.tools.progress.Progress;

/**
 * Computes recovery slices in a read of their own, where memory didn't suffice for all of them
 * while the data was posted, or where posting was broken off. The same columns of all slices are
 * read at a time, as many as fit, so that every octet is read once.
 */
final class ParityPass {
    private final List<DataFile> files;
    private final Split split;
    private final ColumnPlan plan;
    private final AtomicLong octetsRead;

    ParityPass(List<DataFile> files, Split split, long memory, AtomicLong octetsRead) {
        this.files = files;
        this.split = split;
        this.octetsRead = octetsRead;
        this.plan = ColumnPlan.within(
                memory, split.dataSlices(), split.recoverySlices(), split.sliceSize());
    }

    void run(ParityStore store, Progress progress) throws IOException, InterruptedException {
        int columns = plan.columns();
        try (Progress.Task task = progress.start("parity",
                (long) split.dataSlices() * split.sliceSize(), Progress.Unit.BYTES);
                ParityEncoder encoder = encoder(columns, plan.chunks())) {
            for (int chunk = 0; chunk < plan.chunks(); chunk++) {
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
                .room(split.dataSlices())
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

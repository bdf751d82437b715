package net.spillway.fec;

import java.io.IOException;
import java.util.BitSet;
import java.util.SortedMap;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;

/** Rebuilds lost slices from slices and recovery slices that can be read when they are needed. */
public final class SliceRepairer {
    private SliceRepairer() {}

    /**
     * Rebuilds slices. What comes out is not checked here: compare it with the set's checksums.
     *
     * @param sliceCount how many slices the set has
     * @param missing which are lost; all others are read from {@code source}, each column once
     * @param recovery recovery slices by exponent, at least as many as slices are lost
     * @param options the memory bound decides how many columns are worked on at a time
     * @throws Par2Exception if the recovery slices do not suffice
     */
    public static void repair(
            int sliceCount,
            long sliceSize,
            BitSet missing,
            SliceSource source,
            SortedMap<Integer, SliceData> recovery,
            SliceSink sink,
            ParityOptions options)
            throws IOException {
        int[] exponents = recovery.keySet().stream().mapToInt(Integer::intValue).toArray();
        RepairMatrix matrix =
                RepairMatrix.solve(
                        missing.stream().toArray(),
                        exponents,
                        options.engine(),
                        options.threads());
        if (missing.isEmpty()) {
            return;
        }
        int chunk = options.chunk(matrix.exponents(), sliceCount, sliceSize);
        byte[] buffer = new byte[chunk];
        long total = sliceSize * sliceCount;
        for (long from = 0; from < sliceSize; from += chunk) {
            int n = (int) Math.min(chunk, sliceSize - from);
            try (StreamRepairer repairer =
                    new StreamRepairer(n, matrix.exponents(), options)) {
                for (int slice = 0; slice < sliceCount; slice++) {
                    if (!missing.get(slice)) {
                        source.read(slice, from, buffer, 0, n);
                        repairer.addSlice(slice, buffer, 0, n);
                    }
                    long done = from * sliceCount + (slice + 1L) * n;
                    options.progress()
                            .progress(ProgressListener.Phase.COMPUTING, done, total);
                }
                for (int e : matrix.exponents()) {
                    recovery.get(e).read(from, buffer, 0, n);
                    repairer.addRecovery(e, buffer, 0, n);
                }
                repairer.solve(matrix, from, sink);
            }
        }
    }
}

package net.spillway.fec;

import java.util.List;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.packet.PacketFormat;
import net.spillway.fec.packet.Par2Exception;

/** Slice sizes that follow from a number of slices. */
public final class SliceSizes {
    private static final int USUAL = 2000;

    /** Of small files: each slice has 20 bytes in each .par2 file, which ought to be little. */
    private static final long SMALL_SLICE = 16 << 10;

    /** But not so few that the usual 5 per cent would be less than a slice. */
    private static final int FEWEST = 20;

    private SliceSizes() {}

    /**
     * Into how many slices at most to cut files of these lengths unless somebody says so: 2000, or
     * of less than 32 MiB as many as have 16 KiB each, but 20 and two for each file at least; two
     * for each file where there are more than 2000.
     */
    public static int usualCount(List<Long> lengths) {
        long files = notEmpty(lengths);
        if (files > USUAL) {
            return (int) Math.min(2 * files, Par2Constants.MAX_SLICES);
        }
        long fewest = Math.min(USUAL, Math.max(FEWEST, 2 * files));
        long bytes = lengths.stream().mapToLong(Long::longValue).sum();
        return (int) Math.clamp(bytes / SMALL_SLICE, fewest, USUAL);
    }

    private static long notEmpty(List<Long> lengths) {
        return lengths.stream().filter(length -> length > 0).count();
    }

    /**
     * The smallest slice size with which files of these lengths have at most {@code count} slices.
     *
     * @param count 1..32768
     * @return a multiple of 4, at least 4
     * @throws Par2Exception if there are more files than slices, or slices would exceed 1 GiB
     */
    public static long forCount(List<Long> lengths, int count) throws Par2Exception {
        long notEmpty = notEmpty(lengths);
        if (notEmpty > count) {
            throw new Par2Exception(
                    Par2Exception.Kind.BAD_REQUEST,
                    notEmpty + " files need at least as many slices, more than " + count);
        }
        long low = 1;
        long high = PacketFormat.MAX_SLICE / 4;
        if (slices(lengths, 4 * high) > count) {
            throw new Par2Exception(
                    Par2Exception.Kind.BAD_REQUEST,
                    count + " slices of at most 1 GiB are too few for these files");
        }
        while (low < high) {
            long middle = (low + high) / 2;
            if (slices(lengths, 4 * middle) <= count) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return 4 * low;
    }

    /** How many slices files of these lengths have. */
    public static long slices(List<Long> lengths, long sliceSize) {
        return lengths.stream().mapToLong(n -> Par2Limits.slices(n, sliceSize)).sum();
    }
}

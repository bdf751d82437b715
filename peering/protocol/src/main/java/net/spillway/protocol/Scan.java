package net.spillway.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at eight octets at a time for the few that matter to a line protocol. */
final class Scan {
    static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long CRS = '\r' * ONES;
    private static final long LFS = '\n' * ONES;

    private Scan() {}

    /** The index of the first NUL, CR or LF in [from, to), or {@code to} if there is none. */
    static int control(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long word = (long) LONG.get(bytes, i);
            long hits = zeros(word) | zeros(word ^ CRS) | zeros(word ^ LFS);
            if (hits != 0) {
                // The lowest mark is always true; a borrow can only forge marks above it.
                return i + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
        }
        while (i < to && bytes[i] != 0 && bytes[i] != '\r' && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    /** Marks the high bit of each zero octet, and perhaps of octets above the lowest of them. */
    static long zeros(long word) {
        return word - ONES & ~word & HIGHS;
    }

    /** The same octet eight times. */
    static long repeat(int octet) {
        return (octet & 0xff) * ONES;
    }
}

package net.spillway.protocol;

/**
 * Finds the few octets that matter to a line protocol among many: a piece at a time is copied into
 * memory that stays in the processor's nearest cache, and made marks of there, one for each octet.
 * The JIT does that with vectors, as wide as the processor has them, as each mark depends on one
 * octet alone and replaces it; so nothing but a plain loop over one array may stand there. What is
 * left to be looked at are the marks, eight at a time.
 *
 * <p>One owner at a time, and of one array: who changes that, or what is in it, says so by {@link
 * #forget}.
 */
final class ControlMarks {
    /** Octets that are made marks of at once; short enough for the nearest cache. */
    static final int PIECE = 2048;

    private static final int WORD = Long.BYTES;
    /** A mark is the highest bit; the others say nothing. */
    private static final long MARKS = 0x8080808080808080L;

    /** The marks, and behind them a word without any. */
    private final byte[] marks = new byte[PIECE + WORD];
    /** What they stand for: octets from here on to there. */
    private int begin;
    private int end;

    /** What was looked at is another now. */
    void forget() {
        begin = 0;
        end = 0;
    }

    /** The index of the first NUL, CR or LF in [from, to), or {@code to} if there is none. */
    int next(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (at < begin || at >= end) {
                make(bytes, at, to);
            }
            int i = at - begin;
            for (; i < end - begin; i += WORD) {
                long found = (long) Scan.LONG.get(marks, i) & MARKS;
                if (found != 0) {
                    int hit = begin + i + (Long.numberOfTrailingZeros(found) >>> 3);
                    return Math.min(hit, to);
                }
            }
            at = end;
        }
        return to;
    }

    /**
     * Whether there is no NUL, CR or LF in [from, to). May also be false if these are very few
     * octets, or very many, so that it is not worth knowing.
     *
     * @param last octets before this one may be looked at with them
     */
    boolean isNone(byte[] bytes, int from, int to, int last) {
        if (to - from < WORD || to - from > PIECE) {
            return false;
        }
        if (from < begin || to > end) {
            make(bytes, from, last);
        }
        long found = (long) Scan.LONG.get(marks, to - WORD - begin);
        for (int i = from - begin; i < to - WORD - begin; i += WORD) {
            found |= (long) Scan.LONG.get(marks, i);
        }
        return (found & MARKS) == 0;
    }

    private void make(byte[] bytes, int from, int to) {
        int n = Math.min(PIECE, to - from);
        System.arraycopy(bytes, from, marks, 0, n);
        mark(marks, n);
        Scan.LONG.set(marks, n, 0L);
        begin = from;
        end = from + n;
    }

    /** Sets the highest bit of each that is NUL, CR or LF, and clears that of all others. */
    private static void mark(byte[] octets, int n) {
        for (int i = 0; i < n; i++) {
            int octet = octets[i];
            int cr = octet ^ '\r';
            int lf = octet ^ '\n';
            // Of octet - 1 and its complement both have that bit if it is 0, and not otherwise.
            octets[i] = (byte) (octet - 1 & ~octet | cr - 1 & ~cr | lf - 1 & ~lf);
        }
    }
}

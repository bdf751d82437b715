package net.spillway.protocol;

/** Finds where a multi-line block ends: at {@code CRLF.CRLF} (RFC 3977, 3.1.1). */
public final class BlockEnd {
    private BlockEnd() {}

    /**
     * The index of the dot in {@code CRLF.CRLF}.
     *
     * @param from where the first CR may be at the earliest
     * @param to the end of what is there
     * @return -1 if there is none that is whole
     */
    public static int find(byte[] wire, int from, int to) {
        return find(wire, from, to, VectorYenc.Support.IS_THERE);
    }

    /** With vectors or without; it comes to the same. */
    static int find(byte[] wire, int from, int to, boolean vectors) {
        int at = from;
        while (vectors && at < to - 4) {
            int lf = VectorKernels.lineWithDot(wire, at + 1, to);
            if (lf + 3 >= to || wire[lf] != '\n' || wire[lf + 1] != '.') {
                at = lf - 1;
                break; // Too little is left for vectors.
            }
            if (isEnd(wire, lf)) {
                return lf + 1;
            }
            at = lf;
        }
        return findByOctets(wire, at, to);
    }

    private static boolean isEnd(byte[] wire, int lf) {
        return wire[lf - 1] == '\r' && wire[lf + 2] == '\r' && wire[lf + 3] == '\n';
    }

    /** Looks at every fifth octet in the main. */
    private static int findByOctets(byte[] b, int from, int to) {
        int i = from + 4;
        while (i < to) {
            switch (b[i]) {
                case '\n' -> {
                    if (b[i - 1] == '\r' && b[i - 2] == '.' && b[i - 3] == '\n'
                            && b[i - 4] == '\r') {
                        return i - 2;
                    }
                    i += 3;
                }
                case '\r' -> i += 1;
                case '.' -> i += 2;
                default -> i += 5;
            }
        }
        return -1;
    }
}

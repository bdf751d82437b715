package net.spillway.protocol;

/**
 * The way to the vector loops, each of which is called with next to no data first, by one thread
 * while others wait: until it is compiled, a loop over vectors is a thousand times slower, and a
 * JVM that was told to compile it early does so now.
 *
 * <p>Those data take every branch. What has not been seen to happen the JIT leaves out; then real
 * data lead back to where loops are slow, on all connections at once.
 */
final class VectorKernels {
    /** Enough for a JVM that was told so, and too few for the others to notice. */
    private static final int CALLS = 20;

    private static final int OCTETS = 160;

    private VectorKernels() {}

    /** Has what encoding needs ready, where there are vectors, or waits for whoever sees to that. */
    static boolean isEncodingReady() {
        return VectorYenc.Support.IS_THERE && Encoding.READY;
    }

    /** The same for decoding, and for finding where a body ends. */
    static boolean isDecodingReady() {
        return VectorYenc.Support.IS_THERE && Decoding.READY && Scanning.READY;
    }

    static long decode(byte[] in, int from, int to, byte[] out, int start) {
        return Decoding.READY ? VectorYenc.decode(in, from, to, out, start) : 0;
    }

    static long encode(byte[] data, int from, int to, byte[] out, int start) {
        return Encoding.READY ? YencVectors.encode(data, from, to, out, start) : 0;
    }

    /** The same for whole lines, where there is a way to do that. */
    static long encodeLines(
            byte[] data, int from, int to, byte[] out, int start, int limit, int room) {
        return Encoding.READY && CompressingYenc.IS_THERE
                ? YencVectors.encode(data, from, to, out, start, limit, room)
                : (long) from << Integer.SIZE | start;
    }

    static int lineWithDot(byte[] in, int from, int to) {
        return Scanning.READY ? VectorScan.lineWithDot(in, from, to) : 0;
    }

    /** Ready when it is initialized. */
    private static final class Decoding {
        static final boolean READY = isReady();

        private static boolean isReady() {
            byte[] in = new byte[OCTETS];
            byte[] out = new byte[OCTETS];
            byte[] little = new byte[OCTETS / 2];
            byte[] lineOfDots = in.clone();
            lineOfDots[1] = '\r';
            lineOfDots[2] = '\n';
            lineOfDots[3] = '.';
            in[1] = '=';
            in[2] = 'J';
            in[5] = '\r';
            in[6] = '\n';
            for (int i = 0; i < CALLS; i++) {
                VectorYenc.decode(in, 0, OCTETS, out, 0);
                VectorYenc.decode(lineOfDots, 0, OCTETS, out, 0);
                VectorYenc.decode(in, 0, OCTETS, little, 0);
            }
            return true;
        }
    }

    /** Ready when it is initialized. */
    private static final class Encoding {
        static final boolean READY = isReady();

        private static boolean isReady() {
            byte[] data = new byte[OCTETS];
            data[3] = '=' - YencVectors.SHIFT;
            byte[] edges = data.clone();
            edges[0] = ' ' - YencVectors.SHIFT;
            edges[YencEncoder.LINE - 1] = '\t' - YencVectors.SHIFT;
            byte[] out = new byte[3 * OCTETS];
            for (int i = 0; i < CALLS; i++) {
                YencVectors.encode(data, 1, OCTETS / 2, out, 0);
                YencVectors.encode(data, OCTETS / 2, OCTETS, out, 0);
                if (CompressingYenc.IS_THERE) {
                    YencVectors.encode(data, 0, OCTETS, out, 0, out.length, OCTETS);
                    YencVectors.encode(edges, 0, OCTETS, out, 0, out.length, OCTETS);
                }
            }
            return true;
        }
    }

    /** Ready when it is initialized. */
    private static final class Scanning {
        static final boolean READY = isReady();

        private static boolean isReady() {
            byte[] in = new byte[OCTETS];
            byte[] lineOfDots = in.clone();
            lineOfDots[1] = '\n';
            lineOfDots[2] = '.';
            for (int i = 0; i < CALLS; i++) {
                VectorScan.lineWithDot(in, 0, OCTETS);
                VectorScan.lineWithDot(lineOfDots, 0, OCTETS);
            }
            return true;
        }
    }
}

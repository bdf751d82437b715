package net.spillway.protocol;

/**
 * The way to the vector loops, each of which is called with next to no data first, by one thread
 * while others wait: until it is compiled, a loop over vectors is a thousand times slower, and a JVM
 * that was told to compile it early does so now.
 */
final class VectorKernels {
    /** Enough for a JVM that was told so, and too few for the others to notice. */
    private static final int CALLS = 20;

    private static final int OCTETS = 512;

    private VectorKernels() {}

    static long decode(byte[] in, int from, int to, byte[] out, int start) {
        return Decoding.READY ? VectorYenc.decode(in, from, to, out, start) : 0;
    }

    static long encode(byte[] data, int from, int to, byte[] out, int start) {
        return Encoding.READY ? YencVectors.encode(data, from, to, out, start) : 0;
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
            for (int i = 0; i < CALLS; i++) {
                VectorYenc.decode(in, 0, OCTETS, out, 0);
            }
            return true;
        }
    }

    /** Ready when it is initialized. */
    private static final class Encoding {
        static final boolean READY = isReady();

        private static boolean isReady() {
            byte[] data = new byte[OCTETS];
            byte[] out = new byte[2 * OCTETS];
            for (int i = 0; i < CALLS; i++) {
                YencVectors.encode(data, 1, YencEncoder.LINE, out, 0);
            }
            return true;
        }
    }

    /** Ready when it is initialized. */
    private static final class Scanning {
        static final boolean READY = isReady();

        private static boolean isReady() {
            byte[] in = new byte[OCTETS];
            for (int i = 0; i < CALLS; i++) {
                VectorScan.lineWithDot(in, 0, OCTETS);
            }
            return true;
        }
    }
}

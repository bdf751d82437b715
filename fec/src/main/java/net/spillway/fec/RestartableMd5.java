package net.spillway.fec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import net.spillway.fec.packet.Hash16;

/**
 * MD5 (RFC 1321) whose state can be kept and taken up again in another process, which the JDK's
 * can't. For one thread at a time.
 */
public final class RestartableMd5 {
    /** Bytes of a block. */
    public static final int BLOCK = 64;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /**
     * The sines of RFC 1321, section 3.4. In an array, since the JIT moves the addition of a
     * constant behind all others, and so into the chain that one step waits for another in.
     */
    private static final int[] SINES = {
        0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a,
        0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
        0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
        0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
        0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
        0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
        0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
        0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
        0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
        0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
        0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391
    };

    private final byte[] rest = new byte[2 * BLOCK];
    private int held;
    private long length;
    private int stateA = 0x67452301;
    private int stateB = 0xefcdab89;
    private int stateC = 0x98badcfe;
    private int stateD = 0x10325476;

    /**
     * What a message leaves behind.
     *
     * @param length bytes so far
     * @param chain the four chaining variables, as a digest lays them out
     * @param rest the bytes after the last whole block, fewer than {@value #BLOCK}
     */
    public record State(long length, Hash16 chain, byte[] rest) {
        public State {
            rest = rest.clone();
            if (length < 0 || rest.length != length % BLOCK) {
                throw new IllegalArgumentException("no state of MD5: " + length + " bytes and "
                        + rest.length + " of them left over");
            }
        }

        @Override
        public byte[] rest() {
            return rest.clone();
        }
    }

    /** Of nothing so far. */
    public RestartableMd5() {}

    /** Goes on where another one was. */
    public RestartableMd5(State state) {
        length = state.length();
        held = state.rest().length;
        System.arraycopy(state.rest(), 0, rest, 0, held);
        stateA = (int) state.chain().low();
        stateB = (int) (state.chain().low() >>> 32);
        stateC = (int) state.chain().high();
        stateD = (int) (state.chain().high() >>> 32);
    }

    /** What is needed to go on later. */
    public State state() {
        return new State(length, chain(), Arrays.copyOf(rest, held));
    }

    /** The next bytes. */
    public void update(byte[] bytes, int offset, int len) {
        Objects.checkFromIndexSize(offset, len, bytes.length);
        length += len;
        int at = offset;
        int end = offset + len;
        if (held > 0) {
            int n = Math.min(BLOCK - held, len);
            System.arraycopy(bytes, at, rest, held, n);
            held += n;
            at += n;
            if (held < BLOCK) {
                return;
            }
            block(rest, 0);
        }
        for (; at <= end - BLOCK; at += BLOCK) {
            block(bytes, at);
        }
        held = end - at;
        System.arraycopy(bytes, at, rest, 0, held);
    }

    /** The MD5 of all bytes so far; more may follow. */
    public Hash16 digest() {
        RestartableMd5 end = new RestartableMd5(state());
        int padded = held < BLOCK - 8 ? BLOCK : 2 * BLOCK;
        end.rest[held] = (byte) 0x80;
        LONG.set(end.rest, padded - 8, length * 8);
        for (int at = 0; at < padded; at += BLOCK) {
            end.block(end.rest, at);
        }
        return end.chain();
    }

    private Hash16 chain() {
        return new Hash16(pair(stateA, stateB), pair(stateC, stateD));
    }

    private static long pair(int low, int high) {
        return Integer.toUnsignedLong(low) | (long) high << 32;
    }

    /** The 64 steps of RFC 1321, section 3.4. */
    private void block(byte[] bytes, int at) {
        int[] k = SINES;
        int x0 = (int) INT.get(bytes, at);
        int x1 = (int) INT.get(bytes, at + 4);
        int x2 = (int) INT.get(bytes, at + 8);
        int x3 = (int) INT.get(bytes, at + 12);
        int x4 = (int) INT.get(bytes, at + 16);
        int x5 = (int) INT.get(bytes, at + 20);
        int x6 = (int) INT.get(bytes, at + 24);
        int x7 = (int) INT.get(bytes, at + 28);
        int x8 = (int) INT.get(bytes, at + 32);
        int x9 = (int) INT.get(bytes, at + 36);
        int x10 = (int) INT.get(bytes, at + 40);
        int x11 = (int) INT.get(bytes, at + 44);
        int x12 = (int) INT.get(bytes, at + 48);
        int x13 = (int) INT.get(bytes, at + 52);
        int x14 = (int) INT.get(bytes, at + 56);
        int x15 = (int) INT.get(bytes, at + 60);
        int a = stateA;
        int b = stateB;
        int c = stateC;
        int d = stateD;
        a = f(a, b, c, d, x0 + k[0], 7);
        d = f(d, a, b, c, x1 + k[1], 12);
        c = f(c, d, a, b, x2 + k[2], 17);
        b = f(b, c, d, a, x3 + k[3], 22);
        a = f(a, b, c, d, x4 + k[4], 7);
        d = f(d, a, b, c, x5 + k[5], 12);
        c = f(c, d, a, b, x6 + k[6], 17);
        b = f(b, c, d, a, x7 + k[7], 22);
        a = f(a, b, c, d, x8 + k[8], 7);
        d = f(d, a, b, c, x9 + k[9], 12);
        c = f(c, d, a, b, x10 + k[10], 17);
        b = f(b, c, d, a, x11 + k[11], 22);
        a = f(a, b, c, d, x12 + k[12], 7);
        d = f(d, a, b, c, x13 + k[13], 12);
        c = f(c, d, a, b, x14 + k[14], 17);
        b = f(b, c, d, a, x15 + k[15], 22);
        a = g(a, b, c, d, x1 + k[16], 5);
        d = g(d, a, b, c, x6 + k[17], 9);
        c = g(c, d, a, b, x11 + k[18], 14);
        b = g(b, c, d, a, x0 + k[19], 20);
        a = g(a, b, c, d, x5 + k[20], 5);
        d = g(d, a, b, c, x10 + k[21], 9);
        c = g(c, d, a, b, x15 + k[22], 14);
        b = g(b, c, d, a, x4 + k[23], 20);
        a = g(a, b, c, d, x9 + k[24], 5);
        d = g(d, a, b, c, x14 + k[25], 9);
        c = g(c, d, a, b, x3 + k[26], 14);
        b = g(b, c, d, a, x8 + k[27], 20);
        a = g(a, b, c, d, x13 + k[28], 5);
        d = g(d, a, b, c, x2 + k[29], 9);
        c = g(c, d, a, b, x7 + k[30], 14);
        b = g(b, c, d, a, x12 + k[31], 20);
        a = h(a, b, c, d, x5 + k[32], 4);
        d = h(d, a, b, c, x8 + k[33], 11);
        c = h(c, d, a, b, x11 + k[34], 16);
        b = h(b, c, d, a, x14 + k[35], 23);
        a = h(a, b, c, d, x1 + k[36], 4);
        d = h(d, a, b, c, x4 + k[37], 11);
        c = h(c, d, a, b, x7 + k[38], 16);
        b = h(b, c, d, a, x10 + k[39], 23);
        a = h(a, b, c, d, x13 + k[40], 4);
        d = h(d, a, b, c, x0 + k[41], 11);
        c = h(c, d, a, b, x3 + k[42], 16);
        b = h(b, c, d, a, x6 + k[43], 23);
        a = h(a, b, c, d, x9 + k[44], 4);
        d = h(d, a, b, c, x12 + k[45], 11);
        c = h(c, d, a, b, x15 + k[46], 16);
        b = h(b, c, d, a, x2 + k[47], 23);
        a = i(a, b, c, d, x0 + k[48], 6);
        d = i(d, a, b, c, x7 + k[49], 10);
        c = i(c, d, a, b, x14 + k[50], 15);
        b = i(b, c, d, a, x5 + k[51], 21);
        a = i(a, b, c, d, x12 + k[52], 6);
        d = i(d, a, b, c, x3 + k[53], 10);
        c = i(c, d, a, b, x10 + k[54], 15);
        b = i(b, c, d, a, x1 + k[55], 21);
        a = i(a, b, c, d, x8 + k[56], 6);
        d = i(d, a, b, c, x15 + k[57], 10);
        c = i(c, d, a, b, x6 + k[58], 15);
        b = i(b, c, d, a, x13 + k[59], 21);
        a = i(a, b, c, d, x4 + k[60], 6);
        d = i(d, a, b, c, x11 + k[61], 10);
        c = i(c, d, a, b, x2 + k[62], 15);
        b = i(b, c, d, a, x9 + k[63], 21);
        stateA += a;
        stateB += b;
        stateC += c;
        stateD += d;
    }

    // What is known first is added first, for each step waits for the one before.

    private static int f(int a, int b, int c, int d, int x, int shift) {
        return b + Integer.rotateLeft(a + x + (d ^ b & (c ^ d)), shift);
    }

    /** The two terms have no bit in common, so they may be added, which shortens the chain. */
    private static int g(int a, int b, int c, int d, int x, int shift) {
        return b + Integer.rotateLeft(a + x + (c & ~d) + (b & d), shift);
    }

    private static int h(int a, int b, int c, int d, int x, int shift) {
        return b + Integer.rotateLeft(a + x + (c ^ d ^ b), shift);
    }

    private static int i(int a, int b, int c, int d, int x, int shift) {
        return b + Integer.rotateLeft(a + x + (c ^ (b | ~d)), shift);
    }
}

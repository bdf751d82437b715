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
        a = f(a, b, c, d, x0, 7, 0xd76aa478);
        d = f(d, a, b, c, x1, 12, 0xe8c7b756);
        c = f(c, d, a, b, x2, 17, 0x242070db);
        b = f(b, c, d, a, x3, 22, 0xc1bdceee);
        a = f(a, b, c, d, x4, 7, 0xf57c0faf);
        d = f(d, a, b, c, x5, 12, 0x4787c62a);
        c = f(c, d, a, b, x6, 17, 0xa8304613);
        b = f(b, c, d, a, x7, 22, 0xfd469501);
        a = f(a, b, c, d, x8, 7, 0x698098d8);
        d = f(d, a, b, c, x9, 12, 0x8b44f7af);
        c = f(c, d, a, b, x10, 17, 0xffff5bb1);
        b = f(b, c, d, a, x11, 22, 0x895cd7be);
        a = f(a, b, c, d, x12, 7, 0x6b901122);
        d = f(d, a, b, c, x13, 12, 0xfd987193);
        c = f(c, d, a, b, x14, 17, 0xa679438e);
        b = f(b, c, d, a, x15, 22, 0x49b40821);
        a = g(a, b, c, d, x1, 5, 0xf61e2562);
        d = g(d, a, b, c, x6, 9, 0xc040b340);
        c = g(c, d, a, b, x11, 14, 0x265e5a51);
        b = g(b, c, d, a, x0, 20, 0xe9b6c7aa);
        a = g(a, b, c, d, x5, 5, 0xd62f105d);
        d = g(d, a, b, c, x10, 9, 0x02441453);
        c = g(c, d, a, b, x15, 14, 0xd8a1e681);
        b = g(b, c, d, a, x4, 20, 0xe7d3fbc8);
        a = g(a, b, c, d, x9, 5, 0x21e1cde6);
        d = g(d, a, b, c, x14, 9, 0xc33707d6);
        c = g(c, d, a, b, x3, 14, 0xf4d50d87);
        b = g(b, c, d, a, x8, 20, 0x455a14ed);
        a = g(a, b, c, d, x13, 5, 0xa9e3e905);
        d = g(d, a, b, c, x2, 9, 0xfcefa3f8);
        c = g(c, d, a, b, x7, 14, 0x676f02d9);
        b = g(b, c, d, a, x12, 20, 0x8d2a4c8a);
        a = h(a, b, c, d, x5, 4, 0xfffa3942);
        d = h(d, a, b, c, x8, 11, 0x8771f681);
        c = h(c, d, a, b, x11, 16, 0x6d9d6122);
        b = h(b, c, d, a, x14, 23, 0xfde5380c);
        a = h(a, b, c, d, x1, 4, 0xa4beea44);
        d = h(d, a, b, c, x4, 11, 0x4bdecfa9);
        c = h(c, d, a, b, x7, 16, 0xf6bb4b60);
        b = h(b, c, d, a, x10, 23, 0xbebfbc70);
        a = h(a, b, c, d, x13, 4, 0x289b7ec6);
        d = h(d, a, b, c, x0, 11, 0xeaa127fa);
        c = h(c, d, a, b, x3, 16, 0xd4ef3085);
        b = h(b, c, d, a, x6, 23, 0x04881d05);
        a = h(a, b, c, d, x9, 4, 0xd9d4d039);
        d = h(d, a, b, c, x12, 11, 0xe6db99e5);
        c = h(c, d, a, b, x15, 16, 0x1fa27cf8);
        b = h(b, c, d, a, x2, 23, 0xc4ac5665);
        a = i(a, b, c, d, x0, 6, 0xf4292244);
        d = i(d, a, b, c, x7, 10, 0x432aff97);
        c = i(c, d, a, b, x14, 15, 0xab9423a7);
        b = i(b, c, d, a, x5, 21, 0xfc93a039);
        a = i(a, b, c, d, x12, 6, 0x655b59c3);
        d = i(d, a, b, c, x3, 10, 0x8f0ccc92);
        c = i(c, d, a, b, x10, 15, 0xffeff47d);
        b = i(b, c, d, a, x1, 21, 0x85845dd1);
        a = i(a, b, c, d, x8, 6, 0x6fa87e4f);
        d = i(d, a, b, c, x15, 10, 0xfe2ce6e0);
        c = i(c, d, a, b, x6, 15, 0xa3014314);
        b = i(b, c, d, a, x13, 21, 0x4e0811a1);
        a = i(a, b, c, d, x4, 6, 0xf7537e82);
        d = i(d, a, b, c, x11, 10, 0xbd3af235);
        c = i(c, d, a, b, x2, 15, 0x2ad7d2bb);
        b = i(b, c, d, a, x9, 21, 0xeb86d391);
        stateA += a;
        stateB += b;
        stateC += c;
        stateD += d;
    }

    private static int f(int a, int b, int c, int d, int x, int shift, int t) {
        return b + Integer.rotateLeft(a + (d ^ b & (c ^ d)) + x + t, shift);
    }

    /** The two terms have no bit in common, so they may be added, which shortens the chain. */
    private static int g(int a, int b, int c, int d, int x, int shift, int t) {
        return b + Integer.rotateLeft(a + (c & ~d) + x + t + (b & d), shift);
    }

    private static int h(int a, int b, int c, int d, int x, int shift, int t) {
        return b + Integer.rotateLeft(a + (c ^ d ^ b) + x + t, shift);
    }

    private static int i(int a, int b, int c, int d, int x, int shift, int t) {
        return b + Integer.rotateLeft(a + (c ^ (b | ~d)) + x + t, shift);
    }
}

package net.spillway.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;

/**
 * What goes to and fro in XHAVE, our extension that asks about many articles at once.
 *
 * <pre>
 * C: XHAVE n                 n from 1 to what the capability XHAVE names
 * C: base64 of n hashes      as a multi-line block, which follows at once
 * C: .
 * S: 290 n                   or 501; 480, 502 as for any command
 * S: base64 of the bitmap    as a multi-line block
 * S: .
 * </pre>
 *
 * <p>A hash is the first 16 octets of SHA-256 over a message-ID with its brackets ({@link
 * MessageId#hash}). Bit i of the bitmap, octet i / 8, value 1 &lt;&lt; i % 8, is set if article i is
 * here and the client may read it. Each line of base64 but the last stands for 720 octets; the
 * lines together are one text, padded at the end only.
 */
public final class HaveBlock {
    /** Hashes in one request at most. */
    public static final int MOST = 100_000;
    /** Octets of the longest request's block in wire form, with room to spare. */
    public static final int MOST_OCTETS = 3 << 20;

    private static final int HASH = 16;
    private static final int LINE = 960;

    private HaveBlock() {}

    /** The block of a request, with its final dot. */
    public static byte[] request(List<MessageId> ids) {
        ByteBuffer hashes = ByteBuffer.allocate(ids.size() * HASH);
        ids.forEach(id -> hashes.put(id.hash()));
        return block(hashes.array());
    }

    /**
     * The hashes of a request, one after the other.
     *
     * @param block in wire form
     * @param n how many there are to be
     * @throws ProtocolException if there are more or fewer, or this is no base64
     */
    public static byte[] hashes(byte[] block, int n) throws ProtocolException {
        byte[] hashes = octets(block);
        if (hashes.length != n * HASH) {
            throw new ProtocolException(n + " hashes are " + n * HASH + " octets, not "
                    + hashes.length);
        }
        return hashes;
    }

    /** The lines of a reply's block. */
    public static List<String> bitmap(BitSet held, int n) {
        byte[] octets = new byte[Math.ceilDiv(n, 8)];
        byte[] set = held.toByteArray();
        System.arraycopy(set, 0, octets, 0, set.length);
        String text = encoder().encodeToString(octets);
        return List.of(text.split("\r\n"));
    }

    /**
     * Reads a reply's block.
     *
     * @param block in wire form, with or without its final dot
     * @throws ProtocolException if it is not the bitmap of {@code n} articles
     */
    public static BitSet held(byte[] block, int n) throws ProtocolException {
        byte[] octets = octets(block);
        if (octets.length != Math.ceilDiv(n, 8)) {
            throw new ProtocolException("a bitmap of " + n + " articles does not have "
                    + octets.length + " octets");
        }
        BitSet held = BitSet.valueOf(octets);
        held.clear(n, octets.length * 8 + 1);
        return held;
    }

    private static byte[] block(byte[] octets) {
        byte[] text = encoder().encode(octets);
        byte[] end = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] block = new byte[text.length + end.length];
        System.arraycopy(text, 0, block, 0, text.length);
        System.arraycopy(end, 0, block, text.length, end.length);
        return block;
    }

    private static Base64.Encoder encoder() {
        return Base64.getMimeEncoder(LINE, new byte[] {'\r', '\n'});
    }

    /** Strictly: the JDK's decoder for MIME reads over anything. */
    private static byte[] octets(byte[] block) throws ProtocolException {
        byte[] text = new byte[block.length];
        int n = 0;
        for (byte b : block) {
            if (b != '\r' && b != '\n') {
                text[n++] = b;
            }
        }
        if (n > 0 && text[n - 1] == '.') {
            n--; // The end of the block.
        }
        try {
            return Base64.getDecoder().decode(Arrays.copyOf(text, n));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("no base64: " + e.getMessage());
        }
    }
}

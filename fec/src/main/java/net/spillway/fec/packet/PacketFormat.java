package net.spillway.fec.packet;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The layout that all packets share; numbers are little-endian.
 *
 * <pre>
 *  0  magic "PAR2\0PKT"
 *  8  length of the packet with this header, a multiple of 4
 * 16  MD5 of everything from offset 32 to the packet's end
 * 32  set ID: MD5 of the body of the Main packet
 * 48  type, 16 bytes
 * 64  body
 * </pre>
 */
public final class PacketFormat {
    /** Bytes before the body. */
    public static final int HEADER = 64;

    /** Bytes of a recovery packet before its slice: the header and the exponent. */
    public static final int RECOVERY_HEADER = HEADER + 4;

    /** The largest slice we read or make: larger ones break other programs too. */
    public static final long MAX_SLICE = 1L << 30;

    /** File IDs in a Main packet, recoverable or not: more than that is taken for an attack. */
    static final int MAX_FILES = 65536;

    /** Bytes of a file name. */
    static final int MAX_NAME = 32768;

    /** Offset where the part covered by the packet's MD5 begins. */
    static final int HASHED_FROM = 32;

    /** The largest body of any packet but a recovery slice. */
    static final int MAX_CRITICAL = 12 + 16 * MAX_FILES;

    static final byte[] MAGIC = ascii("PAR2\0PKT");
    static final String MAIN = "PAR 2.0\0Main\0\0\0\0";
    static final String FILE_DESC = "PAR 2.0\0FileDesc";
    static final String IFSC = "PAR 2.0\0IFSC\0\0\0\0";
    static final String RECOVERY = "PAR 2.0\0RecvSlic";
    static final String CREATOR = "PAR 2.0\0Creator\0";
    static final String UNICODE_NAME = "PAR 2.0\0UniFileN";

    /** A Main packet for several files in a slice. No program is known to write it. */
    static final String PACKED_MAIN = "PAR 2.0\0PkdMain\0";

    static final List<String> TYPES =
            List.of(MAIN, FILE_DESC, IFSC, RECOVERY, CREATOR, UNICODE_NAME);

    private PacketFormat() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

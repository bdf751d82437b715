package net.spillway.fec.packet;

import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import net.spillway.fec.gf.Par2Constants;

/** Reads the bodies of packets whose MD5 was right, and refuses what no honest program writes. */
final class PacketBodies {
    private static final byte[][] KNOWN =
            PacketFormat.TYPES.stream().map(PacketFormat::ascii).toArray(byte[][]::new);

    private PacketBodies() {}

    /** A body that says something impossible. */
    static final class Malformed extends Exception {
        @Serial private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    static boolean isRecovery(byte[] header) {
        return type(header).equals(PacketFormat.RECOVERY);
    }

    /** Without a string of its own for each of millions of packets. */
    private static String type(byte[] header) {
        for (int i = 0; i < KNOWN.length; i++) {
            if (Arrays.equals(header, 48, 64, KNOWN[i], 0, 16)) {
                return PacketFormat.TYPES.get(i);
            }
        }
        return new String(header, 48, 16, StandardCharsets.ISO_8859_1);
    }

    /** Parses a body; null stands for one too large to be kept. */
    static Par2Packet parse(byte[] header, byte[] body) throws Malformed {
        Hash16 set = Hash16.at(header, 32);
        String type = type(header);
        return switch (type) {
            case PacketFormat.MAIN -> main(set, kept(body));
            case PacketFormat.FILE_DESC -> fileDesc(set, kept(body));
            case PacketFormat.IFSC -> checksums(set, kept(body));
            case PacketFormat.CREATOR -> {
                int end = end(kept(body), 0);
                yield new Par2Packet.Creator(
                        set, new String(body, 0, end, StandardCharsets.UTF_8));
            }
            case PacketFormat.UNICODE_NAME -> unicodeName(set, kept(body));
            case PacketFormat.PACKED_MAIN ->
                    throw new Malformed(
                            "a packed Main packet (PkdMain) is not supported; only plain sets are");
            default -> new Par2Packet.Unknown(set, type.replace("\0", "").trim());
        };
    }

    private static byte[] kept(byte[] body) throws Malformed {
        if (body == null) {
            throw new Malformed("the packet is larger than any of its type can be");
        }
        return body;
    }

    static Par2Packet recovery(byte[] header, byte[] exponent, SliceData data) throws Malformed {
        int e = ByteBuffer.wrap(exponent).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (e < 0 || e >= Par2Constants.MAX_EXPONENTS) {
            throw new Malformed(
                    "the recovery exponent is " + Integer.toUnsignedString(e) + ", above 65534");
        }
        return new Par2Packet.RecoverySlice(Hash16.at(header, 32), e, data);
    }

    private static Par2Packet main(Hash16 set, byte[] body) throws Malformed {
        if (body.length < 12 || (body.length - 12) % Hash16.BYTES != 0) {
            throw new Malformed("a Main packet can't have a body of " + body.length + " bytes");
        }
        if (!Hash16.md5(body).equals(set)) {
            throw new Malformed("the Main packet does not belong to the set it claims");
        }
        ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        long sliceSize = in.getLong();
        if (sliceSize <= 0 || sliceSize % 4 != 0 || sliceSize > PacketFormat.MAX_SLICE) {
            throw new Malformed(
                    "the slice size is "
                            + Long.toUnsignedString(sliceSize)
                            + "; it must be a multiple of 4, at most "
                            + PacketFormat.MAX_SLICE);
        }
        int files = (body.length - 12) / Hash16.BYTES;
        int recoverable = in.getInt();
        if (recoverable < 0 || recoverable > files) {
            throw new Malformed(
                    "the Main packet counts "
                            + Integer.toUnsignedString(recoverable)
                            + " files but lists "
                            + files);
        }
        List<Hash16> ids = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            ids.add(Hash16.at(body, 12 + i * Hash16.BYTES));
        }
        if (new HashSet<>(ids).size() < files) {
            throw new Malformed("the Main packet lists a file twice");
        }
        return new Par2Packet.Main(
                set, sliceSize, ids.subList(0, recoverable), ids.subList(recoverable, files));
    }

    private static Par2Packet fileDesc(Hash16 set, byte[] body) throws Malformed {
        if (body.length <= 56 || body.length > 56 + PacketFormat.MAX_NAME) {
            throw new Malformed("a file description can't have " + body.length + " bytes");
        }
        long length = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getLong(48);
        if (length < 0) {
            throw new Malformed("a file can't be " + Long.toUnsignedString(length) + " bytes long");
        }
        Hash16 id = Hash16.at(body, 0);
        Hash16 md5of16k = Hash16.at(body, 32);
        byte[] name = unpadded(body, 56);
        if (name.length == 0) {
            throw new Malformed("the file description has no name");
        }
        if (!PacketWriter.fileId(md5of16k, length, name).equals(id)) {
            throw new Malformed("the file description does not fit its file ID");
        }
        boolean utf8 = isUtf8(name);
        String text =
                new String(name, utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return new Par2Packet.FileDesc(
                set, id, Hash16.at(body, 16), md5of16k, length, text, utf8);
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static Par2Packet checksums(Hash16 set, byte[] body) throws Malformed {
        int count = (body.length - 16) / 20;
        if (body.length < 16 || (body.length - 16) % 20 != 0 || count > Par2Constants.MAX_SLICES) {
            throw new Malformed("slice checksums can't have " + body.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        List<SliceChecksum> checksums = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = 16 + 20 * i;
            checksums.add(new SliceChecksum(Hash16.at(body, at), in.getInt(at + 16)));
        }
        return new Par2Packet.SliceChecksums(set, Hash16.at(body, 0), checksums);
    }

    private static Par2Packet unicodeName(Hash16 set, byte[] body) throws Malformed {
        if (body.length < 18 || body.length > 16 + 2 * PacketFormat.MAX_NAME) {
            throw new Malformed("a Unicode name can't have " + body.length + " bytes");
        }
        String name = new String(body, 16, body.length - 16, StandardCharsets.UTF_16LE);
        int end = name.length();
        while (end > 0 && name.charAt(end - 1) == 0) {
            end--;
        }
        return new Par2Packet.UnicodeName(set, Hash16.at(body, 0), name.substring(0, end));
    }

    /** The bytes from {@code from} on without the zeros they were padded with. */
    private static byte[] unpadded(byte[] body, int from) {
        return Arrays.copyOfRange(body, from, end(body, from));
    }

    private static int end(byte[] body, int from) {
        int end = body.length;
        while (end > from && body[end - 1] == 0) {
            end--;
        }
        return end;
    }
}

package net.spillway.fec.packet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/** Packets as bytes. */
public final class PacketWriter {
    private PacketWriter() {}

    /** The body of a Main packet, whose MD5 is the set ID. */
    static byte[] mainBody(long sliceSize, List<Hash16> recoverable, List<Hash16> others) {
        ByteBuffer body = body(12 + 16 * (recoverable.size() + others.size()));
        body.putLong(sliceSize).putInt(recoverable.size());
        recoverable.forEach(id -> id.put(body));
        others.forEach(id -> id.put(body));
        return body.array();
    }

    /** The set ID that follows from what the Main packet says. */
    public static Hash16 setId(long sliceSize, List<Hash16> recoverable, List<Hash16> others) {
        return Hash16.md5(mainBody(sliceSize, recoverable, others));
    }

    /** The ID of a file: MD5 of the MD5 of its first 16 KiB, its length and its name. */
    public static Hash16 fileId(Hash16 md5of16k, long length, byte[] name) {
        ByteBuffer text = body(24 + name.length);
        md5of16k.put(text);
        text.putLong(length).put(name);
        return Hash16.md5(text.array());
    }

    /** A packet as bytes; the data of a recovery slice must be in memory or readable. */
    public static byte[] bytes(Par2Packet packet) throws IOException {
        return switch (packet) {
            case Par2Packet.Main p -> bytes(p);
            case Par2Packet.FileDesc p -> bytes(p);
            case Par2Packet.SliceChecksums p -> bytes(p);
            case Par2Packet.RecoverySlice p -> recovery(p);
            case Par2Packet.Creator p -> bytes(p);
            case Par2Packet.UnicodeName p -> bytes(p);
            case Par2Packet.Unknown p ->
                    throw new IllegalArgumentException("its body was not kept: " + p);
        };
    }

    /** A Main packet as bytes. */
    public static byte[] bytes(Par2Packet.Main p) {
        byte[] body = mainBody(p.sliceSize(), p.recoverable(), p.others());
        return packet(p.setId(), PacketFormat.MAIN, body);
    }

    /** A File Description packet as bytes. */
    public static byte[] bytes(Par2Packet.FileDesc p) {
        byte[] name =
                p.name().getBytes(p.utf8() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        ByteBuffer body = body(56 + name.length);
        p.fileId().put(body);
        p.md5().put(body);
        p.md5of16k().put(body);
        body.putLong(p.length()).put(name);
        return packet(p.setId(), PacketFormat.FILE_DESC, body.array());
    }

    /** An Input File Slice Checksum packet as bytes. */
    public static byte[] bytes(Par2Packet.SliceChecksums p) {
        ByteBuffer body = body(16 + 20 * p.checksums().size());
        p.fileId().put(body);
        for (SliceChecksum checksum : p.checksums()) {
            checksum.md5().put(body);
            body.putInt(checksum.crc32());
        }
        return packet(p.setId(), PacketFormat.IFSC, body.array());
    }

    /** A Creator packet as bytes. */
    public static byte[] bytes(Par2Packet.Creator p) {
        byte[] body = p.text().getBytes(StandardCharsets.UTF_8);
        return packet(p.setId(), PacketFormat.CREATOR, body);
    }

    /** A Unicode Filename packet as bytes. */
    public static byte[] bytes(Par2Packet.UnicodeName p) {
        byte[] name = p.name().getBytes(StandardCharsets.UTF_16LE);
        ByteBuffer body = body(16 + name.length);
        p.fileId().put(body);
        return packet(p.setId(), PacketFormat.UNICODE_NAME, body.put(name).array());
    }

    private static byte[] recovery(Par2Packet.RecoverySlice p) throws IOException {
        byte[] slice = new byte[Math.toIntExact(p.data().length())];
        p.data().read(0, slice, 0, slice.length);
        return recovery(p.setId(), p.exponent(), slice);
    }

    /** A recovery packet: {@value PacketFormat#RECOVERY_HEADER} bytes, then the slice. */
    public static byte[] recovery(Hash16 setId, int exponent, byte[] slice) {
        MessageDigest md5 = startRecovery(setId, exponent);
        md5.update(slice);
        byte[] head = recoveryHead(setId, exponent, slice.length, Hash16.of(md5));
        return ByteBuffer.allocate(head.length + slice.length).put(head).put(slice).array();
    }

    /**
     * The MD5 of a recovery packet as far as it is known before its slice: the slice's bytes are to
     * be added. For slices that come in pieces.
     */
    public static MessageDigest startRecovery(Hash16 setId, int exponent) {
        MessageDigest md5 = Hash16.newMd5();
        md5.update(setId.bytes());
        md5.update(PacketFormat.ascii(PacketFormat.RECOVERY));
        md5.update(body(4).putInt(exponent).array());
        return md5;
    }

    /** The first {@value PacketFormat#RECOVERY_HEADER} bytes of a recovery packet. */
    public static byte[] recoveryHead(Hash16 setId, int exponent, long sliceSize, Hash16 md5) {
        ByteBuffer head = body(PacketFormat.RECOVERY_HEADER);
        header(head, PacketFormat.RECOVERY_HEADER + sliceSize, md5, setId, PacketFormat.RECOVERY);
        return head.putInt(exponent).array();
    }

    /** A packet around a body, which is padded with zeros to a multiple of 4. */
    private static byte[] packet(Hash16 setId, String type, byte[] body) {
        int length = PacketFormat.HEADER + (body.length + 3) / 4 * 4;
        byte[] bytes = new byte[length];
        ByteBuffer packet = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header(packet, length, new Hash16(0, 0), setId, type);
        packet.put(body);
        int from = PacketFormat.HASHED_FROM;
        Hash16.md5(bytes, from, length - from).put(packet.position(16));
        return bytes;
    }

    private static void header(
            ByteBuffer to, long length, Hash16 md5, Hash16 setId, String type) {
        to.put(PacketFormat.MAGIC).putLong(length);
        md5.put(to);
        setId.put(to);
        to.put(PacketFormat.ascii(type));
    }

    private static ByteBuffer body(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}

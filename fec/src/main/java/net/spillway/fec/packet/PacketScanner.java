package net.spillway.fec.packet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Finds PAR2 packets among any garbage. A packet counts only if its length is possible and its MD5
 * is right; after a bad one the search goes on just behind its magic, since its length can't be
 * trusted. Memory is bounded by the largest critical packet, work by a small multiple of the file's
 * size. Recovery slices are not copied but referred to where they lie.
 */
public final class PacketScanner {
    private static final int BUFFER = 1 << 16;

    /** Hashing more than this many times the file means that it was made to cost time. */
    private static final int MAX_HASHING = 4;

    private final String name;
    private final Source source;
    private final PacketVisitor visitor;
    private final byte[] buffer = new byte[BUFFER];
    private long hashingLeft;

    private PacketScanner(String name, Source source, PacketVisitor visitor) {
        this.name = name;
        this.source = source;
        this.visitor = visitor;
        hashingLeft = Math.multiplyExact(source.size(), MAX_HASHING) + BUFFER;
    }

    /** Scans a file, which must not change before its recovery slices have been read. */
    public static void scan(Path file, PacketVisitor visitor) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Source source = new FileSource(file, channel, channel.size());
            new PacketScanner(file.getFileName().toString(), source, visitor).run();
        }
    }

    /**
     * Scans bytes in memory, which must not change afterwards: recovery slices point into them.
     *
     * @param name what to call them in messages
     */
    public static void scan(String name, byte[] bytes, PacketVisitor visitor) {
        try {
            new PacketScanner(name, new ArraySource(bytes), visitor).run();
        } catch (IOException e) {
            throw new IllegalStateException("an array can't fail to be read", e);
        }
    }

    private void run() throws IOException {
        long at = findMagic(0);
        while (at >= 0) {
            at = findMagic(tryPacket(at));
        }
    }

    /** Looks for the magic; -1 if there is none from {@code from} on. */
    private long findMagic(long from) throws IOException {
        int magic = PacketFormat.MAGIC.length;
        for (long at = from; at + magic <= source.size(); at += buffer.length - magic + 1) {
            int n = (int) Math.min(buffer.length, source.size() - at);
            source.read(at, buffer, 0, n);
            for (int i = 0; i + magic <= n; i++) {
                if (buffer[i] == 'P' && isMagic(i)) {
                    return at + i;
                }
            }
        }
        return -1;
    }

    private boolean isMagic(int at) {
        byte[] magic = PacketFormat.MAGIC;
        return Arrays.equals(buffer, at, at + magic.length, magic, 0, magic.length);
    }

    /** Handles the packet at {@code at} and says where to search on. */
    private long tryPacket(long at) throws IOException {
        long behindMagic = at + PacketFormat.MAGIC.length;
        if (source.size() - at < PacketFormat.HEADER) {
            problem(at, "the packet is cut off within its header");
            return source.size();
        }
        byte[] header = new byte[PacketFormat.HEADER];
        source.read(at, header, 0, header.length);
        long length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
        if (length < PacketFormat.HEADER || length % 4 != 0) {
            problem(at, "a packet can't be " + Long.toUnsignedString(length) + " bytes long");
            return behindMagic;
        }
        long left = source.size() - at;
        if (length > left) {
            problem(at, "the packet claims " + length + " bytes, " + left + " are left");
            return behindMagic;
        }
        if (length > hashingLeft) {
            problem(at, "packets overlap too often; the rest of the file is ignored");
            return source.size();
        }
        hashingLeft -= length;
        return readPacket(at, header, length) ? at + length : behindMagic;
    }

    /** False if the packet's MD5 is wrong. */
    private boolean readPacket(long at, byte[] header, long length) throws IOException {
        Hash16 wanted = Hash16.at(header, 16);
        long bodyLength = length - PacketFormat.HEADER;
        boolean recovery = PacketBodies.isRecovery(header);
        byte[] body = null;
        MessageDigest md5 = Hash16.newMd5();
        md5.update(header, PacketFormat.HASHED_FROM, header.length - PacketFormat.HASHED_FROM);
        if (!recovery && bodyLength <= PacketFormat.MAX_CRITICAL) {
            body = new byte[(int) bodyLength];
            source.read(at + PacketFormat.HEADER, body, 0, body.length);
            md5.update(body);
        } else {
            hash(md5, at + PacketFormat.HEADER, bodyLength);
        }
        if (!Hash16.of(md5).equals(wanted)) {
            problem(at, "the packet is damaged (its MD5 is wrong)");
            return false;
        }
        try {
            Par2Packet packet =
                    recovery
                            ? recoverySlice(at, header, bodyLength)
                            : PacketBodies.parse(header, body);
            visitor.packet(packet, wanted, at);
        } catch (PacketBodies.Malformed e) {
            problem(at, e.getMessage());
        }
        return true;
    }

    private void hash(MessageDigest md5, long from, long length) throws IOException {
        for (long done = 0; done < length; ) {
            int n = (int) Math.min(buffer.length, length - done);
            source.read(from + done, buffer, 0, n);
            md5.update(buffer, 0, n);
            done += n;
        }
    }

    private Par2Packet recoverySlice(long at, byte[] header, long bodyLength)
            throws IOException, PacketBodies.Malformed {
        if (bodyLength < 8 || bodyLength - 4 > PacketFormat.MAX_SLICE) {
            throw new PacketBodies.Malformed(
                    "a recovery slice can't have " + (bodyLength - 4) + " bytes");
        }
        byte[] exponent = new byte[4];
        source.read(at + PacketFormat.HEADER, exponent, 0, 4);
        long slice = at + PacketFormat.RECOVERY_HEADER;
        return PacketBodies.recovery(header, exponent, source.slice(slice, bodyLength - 4));
    }

    private void problem(long at, String message) {
        visitor.problem(new PacketProblem(name, at, message));
    }

    /** Bytes with random access. */
    private interface Source {
        long size();

        void read(long from, byte[] dst, int offset, int len) throws IOException;

        SliceData slice(long from, long length);
    }

    private record ArraySource(byte[] bytes) implements Source {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void read(long from, byte[] dst, int offset, int len) {
            System.arraycopy(bytes, (int) from, dst, offset, len);
        }

        @Override
        public SliceData slice(long from, long length) {
            return SliceData.of(bytes, (int) from, (int) length);
        }
    }

    private record FileSource(Path file, FileChannel channel, long size) implements Source {
        @Override
        public void read(long from, byte[] dst, int offset, int len) throws IOException {
            ByteBuffer target = ByteBuffer.wrap(dst, offset, len);
            for (long at = from; target.hasRemaining(); ) {
                int n = channel.read(target, at);
                if (n < 0) {
                    throw new EOFException(file + " became shorter while it was read");
                }
                at += n;
            }
        }

        @Override
        public SliceData slice(long from, long length) {
            return SliceData.of(file, from, length);
        }
    }
}

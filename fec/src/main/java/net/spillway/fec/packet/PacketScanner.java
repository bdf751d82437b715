package net.spillway.fec.packet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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

    /** Shorter packets are hashed one by one. */
    private static final int LEAST_AHEAD = 2048;

    private final String name;
    private final Source source;
    private final PacketVisitor visitor;
    private final byte[] header = new byte[PacketFormat.HEADER];

    private final ByteBuffer headerView = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    private final MessageDigest md5 = Hash16.newMd5();
    private final byte[] digest = new byte[Hash16.BYTES];
    private long hashingLeft;

    /** What was read last; small packets are dealt with in it without reading again. */
    private final byte[] window = new byte[BUFFER];
    private long windowStart;
    private int windowLength;

    /** How much to read next. */
    private int wanted = BUFFER;

    /** For packets that do not fit the window. */
    private final byte[] buffer = new byte[BUFFER];

    /** MD5s computed ahead, by where their packets begin, and how long those packets are. */
    private final Map<Long, Hash16> ahead = new HashMap<>();
    private long aheadLength;

    private final RunHasher hasher;

    private PacketScanner(
            String name, Source source, PacketVisitor visitor, RunHasher hasher) {
        this.hasher = hasher;
        this.name = name;
        this.source = source;
        this.visitor = visitor;
        hashingLeft = Math.min(source.size(), Long.MAX_VALUE >> 8) * MAX_HASHING + BUFFER;
    }

    /** Scans a file, which must not change before its recovery slices have been read. */
    public static void scan(Path file, PacketVisitor visitor) throws IOException {
        scan(file, visitor, RunHasher.NONE);
    }

    /** The same, runs of recovery packets hashed together. */
    public static void scan(Path file, PacketVisitor visitor, RunHasher hasher)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Source source = new FileSource(file, channel, channel.size());
            new PacketScanner(file.getFileName().toString(), source, visitor, hasher).run();
        }
    }

    /**
     * Scans bytes in memory, which must not change afterwards: recovery slices point into them.
     *
     * @param name what to call them in messages
     */
    public static void scan(String name, byte[] bytes, PacketVisitor visitor) {
        try {
            new PacketScanner(name, new ArraySource(bytes), visitor, RunHasher.NONE).run();
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
        for (long at = from; at + magic <= source.size(); ) {
            if (!isInWindow(at, magic)) {
                load(at);
            }
            int i = (int) (at - windowStart);
            for (; i + magic <= windowLength; i++) {
                if (window[i] == 'P' && isMagic(i)) {
                    return windowStart + i;
                }
            }
            at = windowStart + i;
        }
        return -1;
    }

    private boolean isMagic(int at) {
        byte[] magic = PacketFormat.MAGIC;
        return Arrays.equals(window, at, at + magic.length, magic, 0, magic.length);
    }

    private boolean isInWindow(long from, long length) {
        return from >= windowStart && length <= windowStart + windowLength - from;
    }

    private void load(long from) throws IOException {
        windowLength = 0;
        int n = (int) Math.min(wanted, source.size() - from);
        source.read(from, window, 0, n);
        windowStart = from;
        windowLength = n;
        wanted = BUFFER;
    }

    /** Handles the packet at {@code at} and says where to search on. */
    private long tryPacket(long at) throws IOException {
        long behindMagic = at + PacketFormat.MAGIC.length;
        if (source.size() - at < PacketFormat.HEADER) {
            problem(at, "the packet is cut off within its header");
            return source.size();
        }
        if (!isInWindow(at, PacketFormat.HEADER)) {
            load(at);
        }
        System.arraycopy(window, (int) (at - windowStart), header, 0, header.length);
        long length = headerView.getLong(8);
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
        if (!isRight(at, length)) {
            problem(at, "the packet is damaged (its MD5 is wrong)");
            return behindMagic;
        }
        read(at, length - PacketFormat.HEADER);
        if (length > BUFFER) {
            // The next one is likely to be too large for the window as well.
            wanted = PacketFormat.HEADER;
        }
        return at + length;
    }

    /** True if the MD5 in the header is that of the packet. */
    private boolean isRight(long at, long length) throws IOException {
        if (length >= LEAST_AHEAD && PacketBodies.isRecovery(header)) {
            hashAhead(at, length);
        }
        Hash16 known = length == aheadLength ? ahead.remove(at) : null;
        if (known != null) {
            return known.equals(Hash16.at(header, 16));
        }
        long from = at + PacketFormat.HASHED_FROM;
        long left = length - PacketFormat.HASHED_FROM;
        if (isInWindow(from, left)) {
            md5.update(window, (int) (from - windowStart), (int) left);
        } else {
            for (long done = 0; done < left; ) {
                int n = (int) Math.min(buffer.length, left - done);
                source.read(from + done, buffer, 0, n);
                md5.update(buffer, 0, n);
                done += n;
            }
        }
        try {
            md5.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("an MD5 has 16 bytes", e);
        }
        return Arrays.equals(header, 16, 16 + digest.length, digest, 0, digest.length);
    }

    /** Hashes this recovery packet with those of the same length that follow at once. */
    private void hashAhead(long at, long length) throws IOException {
        if (length == aheadLength && ahead.containsKey(at)) {
            return;
        }
        ahead.clear();
        int count = 1;
        byte[] next = new byte[PacketFormat.HEADER];
        while (count < hasher.most()
                && source.size() - at >= (count + 1) * length
                && count * length <= hashingLeft) {
            source.read(at + count * length, next, 0, next.length);
            // Magic and length are the same, and so is the type.
            if (!Arrays.equals(next, 0, 16, header, 0, 16) || !PacketBodies.isRecovery(next)) {
                break;
            }
            count++;
        }
        if (count == 1) {
            return;
        }
        int from = PacketFormat.HASHED_FROM;
        Optional<Hash16[]> found =
                hasher.md5s(source::read, at + from, length, count, length - from);
        if (found.isPresent()) {
            // Those behind the first count once more when they are come to: what is hashed twice
            // is bounded too.
            hashingLeft -= (count - 1) * length;
            aheadLength = length;
            for (int i = 0; i < count; i++) {
                ahead.put(at + i * length, found.get()[i]);
            }
        }
    }

    private void read(long at, long bodyLength) throws IOException {
        Hash16 packetMd5 = Hash16.at(header, 16);
        if (!visitor.wants(Hash16.at(header, 32), packetMd5, at)) {
            return;
        }
        try {
            Par2Packet packet =
                    PacketBodies.isRecovery(header)
                            ? recoverySlice(at, bodyLength)
                            : PacketBodies.parse(header, body(at, bodyLength));
            visitor.packet(packet, packetMd5, at);
        } catch (PacketBodies.Malformed e) {
            problem(at, e.getMessage());
        }
    }

    /** Null stands for a body too large to be kept. */
    private byte[] body(long at, long length) throws IOException {
        if (length > PacketFormat.MAX_CRITICAL) {
            return null;
        }
        byte[] body = new byte[(int) length];
        long from = at + PacketFormat.HEADER;
        if (isInWindow(from, length)) {
            System.arraycopy(window, (int) (from - windowStart), body, 0, body.length);
        } else {
            source.read(from, body, 0, body.length);
        }
        return body;
    }

    private Par2Packet recoverySlice(long at, long bodyLength)
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

        void read(long from, ByteBuffer dst) throws IOException;

        default void read(long from, byte[] dst, int offset, int len) throws IOException {
            read(from, ByteBuffer.wrap(dst, offset, len));
        }

        SliceData slice(long from, long length);
    }

    private record ArraySource(byte[] bytes) implements Source {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void read(long from, ByteBuffer dst) {
            dst.put(bytes, (int) from, dst.remaining());
        }

        @Override
        public SliceData slice(long from, long length) {
            return SliceData.of(bytes, (int) from, (int) length);
        }
    }

    private record FileSource(Path file, FileChannel channel, long size) implements Source {
        @Override
        public void read(long from, ByteBuffer dst) throws IOException {
            for (long at = from; dst.hasRemaining(); ) {
                int n = channel.read(dst, at);
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

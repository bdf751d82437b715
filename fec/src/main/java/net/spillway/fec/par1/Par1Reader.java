package net.spillway.fec.par1;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;

/**
 * Reads a volume and refuses what no honest program writes. Memory is bounded by the longest list
 * that is read, work by the size of the file. The parity is not copied but referred to.
 */
final class Par1Reader {
    private static final int BUFFER = 1 << 18;

    private final Path file;
    private final FileChannel channel;
    private final long size;

    private Par1Reader(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        size = channel.size();
    }

    /**
     * Reads a volume, which must not change before its data have been read.
     *
     * @throws Par2Exception if it is none, or damaged, or impossible
     */
    static Par1Volume read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new Par1Reader(file, channel).volume();
        }
    }

    private Par1Volume volume() throws IOException {
        if (size < Par1Format.HEADER) {
            throw bad(Par2Exception.Kind.NOT_PAR2, 0, "is too short for a PAR1 volume");
        }
        byte[] header = bytes(0, Par1Format.HEADER);
        ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = Arrays.copyOf(header, Par1Format.MAGIC.length);
        if (!Arrays.equals(magic, Par1Format.MAGIC)) {
            throw bad(Par2Exception.Kind.NOT_PAR2, 0, "is not a PAR1 volume");
        }
        if (in.getInt(8) != Par1Format.VERSION) {
            throw impossible(8, "has the version 0x" + Integer.toHexString(in.getInt(8))
                    + ", which nobody knows");
        }
        if (!hash().equals(Hash16.at(header, 16))) {
            throw bad(Par2Exception.Kind.INCOMPLETE, 16, "is damaged (its MD5 is wrong)");
        }
        long number = in.getLong(48);
        if (number < 0 || number > Par1Format.MAX_NUMBER) {
            throw impossible(48, "has the number " + Long.toUnsignedString(number)
                    + ", above " + Par1Format.MAX_NUMBER);
        }
        Par1Set set = new Par1Set(Hash16.at(header, 32), files(in));
        long data = in.getLong(80);
        long length = in.getLong(88);
        checkInside(80, "data", data, length);
        return new Par1Volume(set, (int) number, SliceData.of(file, data, length));
    }

    private List<Par1File> files(ByteBuffer header) throws IOException {
        long count = header.getLong(56);
        long start = header.getLong(64);
        long length = header.getLong(72);
        checkInside(64, "list of files", start, length);
        if (length > Par1Format.MAX_LIST || count < 1 || count > Par1Format.MAX_FILES) {
            throw impossible(56, "claims " + Long.toUnsignedString(count) + " files in a list of "
                    + length + " bytes; up to " + Par1Format.MAX_FILES + " files in "
                    + Par1Format.MAX_LIST + " bytes are read");
        }
        byte[] list = bytes(start, (int) length);
        List<Par1File> files = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < count; i++) {
            int end = at + entryLength(list, at, start);
            files.add(entry(list, at, end, start));
            at = end;
        }
        if (files.stream().filter(Par1File::saved).count() > Par1Format.MAX_NUMBER) {
            throw impossible(56, "has parity for more than " + Par1Format.MAX_NUMBER + " files");
        }
        return files;
    }

    private int entryLength(byte[] list, int at, long start) throws Par2Exception {
        int left = list.length - at;
        long length = left < Par1Format.ENTRY ? left : number(list, at);
        if (length <= Par1Format.ENTRY || length > left) {
            throw impossible(start + at, "has an entry of " + Long.toUnsignedString(length)
                    + " bytes where " + left + " are left of the list");
        }
        return (int) length;
    }

    private Par1File entry(byte[] list, int at, int end, long start) throws Par2Exception {
        long length = number(list, at + 16);
        if (length < 0) {
            throw impossible(start + at + 16, "lists a file of "
                    + Long.toUnsignedString(length) + " bytes");
        }
        return new Par1File(
                Par1Names.decode(list, at + Par1Format.ENTRY, end),
                (number(list, at + 8) & Par1Format.SAVED) != 0,
                length,
                Hash16.at(list, at + 24),
                Hash16.at(list, at + 40));
    }

    private static long number(byte[] list, int at) {
        return ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
    }

    /** Sums of numbers from the file could wrap: only differences are taken. */
    private void checkInside(long at, String what, long start, long length)
            throws Par2Exception {
        boolean none = length == 0 && start >= 0;
        boolean inside = start >= Par1Format.HEADER && start <= size
                && length > 0 && length <= size - start;
        if (!none && !inside) {
            throw impossible(at, "has its " + what + " outside of the file");
        }
    }

    private Hash16 hash() throws IOException {
        MessageDigest md5 = Hash16.newMd5();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (long at = Par1Format.HASHED_FROM; at < size; ) {
            int n = channel.read(buffer.clear(), at);
            if (n < 0) {
                throw shorter();
            }
            md5.update(buffer.flip());
            at += n;
        }
        return Hash16.of(md5);
    }

    private byte[] bytes(long from, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining()) {
            if (channel.read(target, from + target.position()) < 0) {
                throw shorter();
            }
        }
        return target.array();
    }

    private EOFException shorter() {
        return new EOFException(file + " became shorter while it was read");
    }

    private Par2Exception impossible(long at, String message) {
        return bad(Par2Exception.Kind.IMPOSSIBLE, at, message);
    }

    private Par2Exception bad(Par2Exception.Kind kind, long at, String message) {
        return new Par2Exception(kind, file.getFileName().toString(), at, "the file " + message);
    }
}

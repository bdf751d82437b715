package net.spillway.tools.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import net.spillway.fec.packet.Hash16;
import net.spillway.tools.nzb.FileNote;

/** Whether a file is the one that is meant: by a hash of all of it. */
final class FileProof {
    private static final int BUFFER = 1 << 16;

    /** Takes the octets from 0 on in an array, so many. */
    @FunctionalInterface
    private interface Sum {
        void update(byte[] octets, int length);
    }

    private FileProof() {}

    /**
     * Whether what is there begins with the file that a note is about.
     *
     * @param read hears how many octets were read to find out
     */
    static boolean isRight(Path path, FileNote note, LongConsumer read) throws IOException {
        String hash = note.isCrc() ? hex(crc32(path, note.length(), read))
                : md5(path, note.length(), read).toString();
        return hash.equals(note.hash());
    }

    /** A CRC-32 as notes have it. */
    static String hex(int crc32) {
        return HexFormat.of().toHexDigits(crc32);
    }

    private static int crc32(Path path, long length, LongConsumer read) throws IOException {
        CRC32 crc = new CRC32();
        sum(path, length, (octets, n) -> crc.update(octets, 0, n), read);
        return (int) crc.getValue();
    }

    /**
     * The MD5 of so many octets of a file, or of all if it has fewer.
     *
     * @param read hears how many octets were read
     */
    static Hash16 md5(Path path, long length, LongConsumer read) throws IOException {
        MessageDigest md5 = Hash16.newMd5();
        sum(path, length, (octets, n) -> md5.update(octets, 0, n), read);
        return Hash16.of(md5);
    }

    private static void sum(Path path, long length, Sum sum, LongConsumer read)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(path)) {
            for (long left = length; left > 0; ) {
                int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (n < 0) {
                    break;
                }
                sum.update(buffer, n);
                read.accept(n);
                left -= n;
            }
        }
    }
}

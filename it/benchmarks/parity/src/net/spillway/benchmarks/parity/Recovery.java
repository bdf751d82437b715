package net.spillway.benchmarks.parity;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The recovery packets in a folder. Their MD5s, which are in their headers and which every verifying
 * program checks, cover the set ID, the exponent and the recovery slice: equal ones mean that two
 * programs computed the same. Read without the library, as its results are what is being checked.
 */
final class Recovery {
    private static final int HEADER = 64;
    private static final byte[] TYPE = "PAR 2.0\0RecvSlic".getBytes(StandardCharsets.US_ASCII);

    private Recovery() {}

    /** MD5s of the recovery packets in all .par2 files of a folder, by exponent. */
    static SortedMap<Integer, String> packets(Path folder) throws IOException {
        SortedMap<Integer, String> packets = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.par2")) {
            for (Path file : files) {
                read(file, packets);
            }
        }
        return packets;
    }

    private static void read(Path file, SortedMap<Integer, String> packets) throws IOException {
        byte[] head = new byte[HEADER + Integer.BYTES];
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            for (long at = 0; at < in.length(); ) {
                in.seek(at);
                in.readFully(head);
                long length = fields.getLong(8);
                if (length < HEADER) {
                    throw new IOException("a packet without end in " + file + " at " + at);
                }
                if (Arrays.equals(head, HEADER - TYPE.length, HEADER, TYPE, 0, TYPE.length)) {
                    packets.put(
                            fields.getInt(HEADER), HexFormat.of().formatHex(head, 16, 32));
                }
                at += length;
            }
        }
    }
}

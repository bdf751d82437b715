package net.spillway.fec.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.spillway.fec.packet.Hash16;

/**
 * Makes the hashes in packets right, whatever else is in them: otherwise no fuzzer would ever get
 * past them. File IDs follow from descriptions, the set ID from the first Main packet.
 */
final class Seal {
    private static final byte[] MAGIC = "PAR2\0PKT".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 64;

    private final byte[] bytes;
    private final ByteBuffer buffer;
    private final List<Integer> packets = new ArrayList<>();
    private final List<Hash16> fileIds = new ArrayList<>();
    private Hash16 set = new Hash16(0, 0);

    private Seal(byte[] data) {
        bytes = data.clone();
        buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] sealed(byte[] data) {
        return new Seal(data).run();
    }

    private byte[] run() {
        for (int at = 0; at + HEADER <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + 8, MAGIC, 0, 8) && fits(at)) {
                packets.add(at);
                at += length(at) - 1;
            }
        }
        packets.stream().filter(at -> is(at, "FileDesc")).forEach(this::fileId);
        packets.stream().filter(at -> is(at, "Main\0\0\0\0")).forEach(this::main);
        for (int at : packets) {
            if (is(at, "IFSC\0\0\0\0") && length(at) >= HEADER + 16 && !fileIds.isEmpty()) {
                put(fileIds.get((bytes[at + HEADER] & 255) % fileIds.size()), at + HEADER);
            }
            put(set, at + 32);
            put(Hash16.md5(bytes, at + 32, length(at) - 32), at + 16);
        }
        return bytes;
    }

    private boolean fits(int at) {
        long length = buffer.getLong(at + 8);
        return length >= HEADER && length <= bytes.length - at;
    }

    private int length(int at) {
        return (int) buffer.getLong(at + 8);
    }

    private boolean is(int at, String type) {
        return new String(bytes, at + 56, 8, StandardCharsets.ISO_8859_1).equals(type);
    }

    private void put(Hash16 hash, int at) {
        hash.put(ByteBuffer.wrap(bytes, at, Hash16.BYTES));
    }

    /** MD5 of the MD5 of the first 16 KiB, the length, and the name without padding. */
    private void fileId(int at) {
        int end = at + length(at);
        if (end < at + HEADER + 56) {
            return;
        }
        while (end > at + HEADER + 56 && bytes[end - 1] == 0) {
            end--;
        }
        Hash16 id = Hash16.md5(bytes, at + HEADER + 32, end - at - HEADER - 32);
        put(id, at + HEADER);
        fileIds.add(id);
    }

    private void main(int at) {
        int end = at + length(at);
        for (int i = 0; i < fileIds.size() && at + HEADER + 12 + 16 * (i + 1) <= end; i++) {
            put(fileIds.get(i), at + HEADER + 12 + 16 * i);
        }
        if (set.equals(new Hash16(0, 0))) {
            set = Hash16.md5(bytes, at + HEADER, length(at) - HEADER);
        }
    }
}

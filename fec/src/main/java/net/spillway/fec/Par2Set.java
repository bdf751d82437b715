package net.spillway.fec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketWriter;
import net.spillway.fec.packet.Par2Packet;
import net.spillway.fec.packet.SliceChecksum;

/**
 * A recovery set: what its critical packets say, without any recovery data.
 *
 * @param id the set ID
 * @param sliceSize bytes of a slice
 * @param files the recoverable files in the order of their slices
 * @param others files that are listed in the Main packet but can't be recovered
 * @param empties empty files that are described but not listed in the Main packet. This is how we
 *     write them, since par2cmdline 0.8.1 takes a set that lists one for damaged for ever
 * @param creator the program that made it, or an empty string
 */
public record Par2Set(
        Hash16 id,
        long sliceSize,
        List<ParFile> files,
        List<ParFile> others,
        List<ParFile> empties,
        String creator) {
    public Par2Set {
        Par2Limits.checkSliceSize(sliceSize);
        files = List.copyOf(files);
        others = List.copyOf(others);
        empties = List.copyOf(empties);
    }

    /** All files that can be brought back: those with slices and the empty ones. */
    public List<ParFile> recoverable() {
        return Stream.concat(files.stream(), empties.stream()).toList();
    }

    /** How many slices the set has, 0..32768. */
    public int sliceCount() {
        int last = files.size() - 1;
        while (last >= 0 && files.get(last).sliceCount() == 0) {
            last--;
        }
        return last < 0 ? 0 : files.get(last).endSlice();
    }

    /** Bytes of all recoverable files. */
    public long totalLength() {
        return files.stream().mapToLong(ParFile::length).sum();
    }

    /** The file that slice {@code slice} belongs to. */
    public ParFile fileOf(int slice) {
        Objects.checkIndex(slice, sliceCount());
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (files.get(middle).endSlice() > slice) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return files.get(low);
    }

    /** Where in its file a slice starts. */
    public long sliceOffset(int slice) {
        return (slice - fileOf(slice).firstSlice()) * sliceSize;
    }

    /** Bytes of a slice that are in its file; the rest are zeros. */
    public int sliceLength(int slice) {
        return (int) Math.min(sliceSize, fileOf(slice).length() - sliceOffset(slice));
    }

    /**
     * The checksum of a slice.
     *
     * @throws IllegalStateException if the set lacks the checksums of that file
     */
    public SliceChecksum checksum(int slice) {
        ParFile file = fileOf(slice);
        if (!file.hasChecksums()) {
            throw new IllegalStateException("no slice checksums are known of " + file.name());
        }
        return file.checksums().get(slice - file.firstSlice());
    }

    /**
     * The packets every volume should carry: Main, descriptions, checksums, Unicode names where a
     * name is not plain ASCII, Creator. Each array is one packet.
     */
    public List<byte[]> criticalPackets() {
        List<byte[]> packets = new ArrayList<>();
        packets.add(
                PacketWriter.bytes(
                        new Par2Packet.Main(
                                id,
                                sliceSize,
                                files.stream().map(ParFile::id).toList(),
                                others.stream().map(ParFile::id).toList())));
        files.forEach(file -> describe(packets, file));
        others.forEach(file -> describe(packets, file));
        empties.forEach(file -> describe(packets, file));
        if (!creator.isEmpty()) {
            packets.add(PacketWriter.bytes(new Par2Packet.Creator(id, creator)));
        }
        return packets;
    }

    private void describe(List<byte[]> packets, ParFile f) {
        packets.add(
                PacketWriter.bytes(
                        new Par2Packet.FileDesc(
                                id, f.id(), f.md5(), f.md5of16k(), f.length(), f.name(),
                                !f.latin1())));
        if (!f.checksums().isEmpty()) {
            packets.add(PacketWriter.bytes(new Par2Packet.SliceChecksums(id, f.id(), f.checksums())));
        }
        if (!f.latin1() && !StandardCharsets.US_ASCII.newEncoder().canEncode(f.name())) {
            packets.add(PacketWriter.bytes(new Par2Packet.UnicodeName(id, f.id(), f.name())));
        }
    }
}

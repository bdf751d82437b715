package net.spillway.fec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketWriter;
import net.spillway.fec.packet.Par2Exception;

/**
 * Which slices belong to which file. Files come in the order of their IDs, so this needs the ID of
 * every file, and an ID needs only the file's name, its length and its first 16 KiB (see {@link
 * Par2SetBuilder#fileId}).
 */
public final class Par2Layout {
    private final long sliceSize;
    private final List<Entry> entries;
    private final Map<Hash16, Entry> byId = new HashMap<>();
    private final int sliceCount;

    /** A file to be laid out. */
    public record Item(Hash16 id, long length) {}

    /** A file and the range of its slices. */
    public record Entry(Hash16 id, long length, int firstSlice, int sliceCount) {}

    private Par2Layout(long sliceSize, List<Entry> entries, int sliceCount) {
        this.sliceSize = sliceSize;
        this.entries = List.copyOf(entries);
        this.sliceCount = sliceCount;
        entries.forEach(entry -> byId.put(entry.id(), entry));
    }

    /**
     * Lays out the files of a new set, in the order of their IDs.
     *
     * @throws Par2Exception if there are more than 32768 slices or the same file comes twice
     */
    public static Par2Layout of(long sliceSize, Collection<Item> files) throws Par2Exception {
        List<Item> sorted = new ArrayList<>(files);
        sorted.sort((a, b) -> a.id().compareTo(b.id()));
        return inOrder(sliceSize, sorted);
    }

    /** Lays out files whose order is given. */
    static Par2Layout inOrder(long sliceSize, List<Item> files) throws Par2Exception {
        Par2Limits.checkSliceSize(sliceSize);
        List<Entry> entries = new ArrayList<>();
        Map<Hash16, Item> seen = new HashMap<>();
        int next = 0;
        for (Item file : files) {
            if (seen.put(file.id(), file) != null) {
                throw new Par2Exception(
                        Par2Exception.Kind.BAD_REQUEST, "a file is listed twice: " + file.id());
            }
            long slices = Par2Limits.slices(file.length(), sliceSize);
            if (slices > Par2Constants.MAX_SLICES - next) {
                throw new Par2Exception(
                        Par2Exception.Kind.IMPOSSIBLE,
                        "slices of " + sliceSize + " bytes are too small: a set has at most "
                                + Par2Constants.MAX_SLICES + " of them");
            }
            entries.add(new Entry(file.id(), file.length(), next, (int) slices));
            next += (int) slices;
        }
        return new Par2Layout(sliceSize, entries, next);
    }

    /** Bytes of a slice. */
    public long sliceSize() {
        return sliceSize;
    }

    /** Slices of all files together. */
    public int sliceCount() {
        return sliceCount;
    }

    /** The files in the order of their slices. */
    public List<Entry> entries() {
        return entries;
    }

    /** The place of a file, which must be in the layout. */
    public Entry entry(Hash16 id) {
        Entry entry = byId.get(id);
        if (entry == null) {
            throw new IllegalArgumentException("not in this layout: " + id);
        }
        return entry;
    }

    /** Index of the first slice of a file, which must be in the layout. */
    public int firstSlice(Hash16 id) {
        return entry(id).firstSlice();
    }

    /**
     * The ID of a new set of these files, known before any of them is read to its end. Empty files
     * are not listed in its Main packet, see {@link Par2Set#empties}.
     */
    public Hash16 setId() {
        List<Hash16> listed =
                entries.stream().filter(e -> e.length() > 0).map(Entry::id).toList();
        return PacketWriter.setId(sliceSize, listed, List.of());
    }
}

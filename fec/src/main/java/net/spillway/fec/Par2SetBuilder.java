package net.spillway.fec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketWriter;
import net.spillway.fec.packet.Par2Exception;

/** Builds a set from what {@link FileHasher} found out about its files. */
public final class Par2SetBuilder {
    private final long sliceSize;
    private final List<Named> files = new ArrayList<>();
    private String creator = "";

    private record Named(StoredName name, Hash16 id, FileHashes hashes) {}

    /** A set with slices of {@code sliceSize} bytes, a multiple of 4. */
    public Par2SetBuilder(long sliceSize) {
        Par2Limits.checkSliceSize(sliceSize);
        this.sliceSize = sliceSize;
    }

    /**
     * The ID a file has in every set.
     *
     * @param md5of16k MD5 of its first 16 KiB, or of all of it if it is shorter
     * @param length bytes
     * @param name relative name with {@code /}
     */
    public static Hash16 fileId(Hash16 md5of16k, long length, String name) {
        return fileId(md5of16k, length, new StoredName(name, false));
    }

    static Hash16 fileId(Hash16 md5of16k, long length, StoredName name) {
        return PacketWriter.fileId(md5of16k, length, name.bytes());
    }

    /** What the Creator packet says. */
    public Par2SetBuilder creator(String text) {
        creator = text;
        return this;
    }

    /**
     * Adds a file; the order does not matter.
     *
     * @param name relative name with {@code /}
     * @throws Par2Exception if the name is not safe to write to
     */
    public Par2SetBuilder add(String name, FileHashes hashes) throws Par2Exception {
        return add(new StoredName(name, false), hashes);
    }

    Par2SetBuilder add(StoredName name, FileHashes hashes) throws Par2Exception {
        SafeNames.check(name);
        if (hashes.slices().size() != Par2Limits.slices(hashes.length(), sliceSize)) {
            throw new IllegalArgumentException(name.text() + " was hashed with another slice size");
        }
        files.add(new Named(name, fileId(hashes.md5of16k(), hashes.length(), name), hashes));
        return this;
    }

    /**
     * The set.
     *
     * @throws Par2Exception if it would have more than 32768 slices, or a file comes twice
     */
    public Par2Set build() throws Par2Exception {
        Map<Hash16, Named> byId = new HashMap<>();
        List<Par2Layout.Item> items = new ArrayList<>();
        for (Named file : files) {
            byId.put(file.id(), file);
            items.add(new Par2Layout.Item(file.id(), file.hashes().length()));
        }
        Par2Layout layout = Par2Layout.of(sliceSize, items);
        List<ParFile> ordered = new ArrayList<>();
        List<ParFile> empties = new ArrayList<>();
        for (Par2Layout.Entry entry : layout.entries()) {
            Named file = byId.get(entry.id());
            if (entry.length() > 0) {
                ordered.add(parFile(file, entry));
            } else {
                empties.add(parFile(file, new Par2Layout.Entry(entry.id(), 0, 0, 0)));
            }
        }
        return new Par2Set(layout.setId(), sliceSize, ordered, List.of(), empties, creator);
    }

    private static ParFile parFile(Named file, Par2Layout.Entry entry) {
        FileHashes hashes = file.hashes();
        return new ParFile(
                entry.id(),
                file.name().text(),
                hashes.length(),
                hashes.md5(),
                hashes.md5of16k(),
                entry.firstSlice(),
                entry.sliceCount(),
                hashes.slices(),
                file.name().latin1());
    }
}

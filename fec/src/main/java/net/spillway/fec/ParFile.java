package net.spillway.fec;

import java.util.List;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;

/**
 * A file of a set.
 *
 * @param id its file ID
 * @param name relative name with {@code /}; not checked for safety, see {@link SafeNames}
 * @param length bytes
 * @param md5 MD5 of the whole file
 * @param md5of16k MD5 of its first 16 KiB
 * @param firstSlice index of its first slice in the set; of no meaning if it has none
 * @param sliceCount how many slices it has
 * @param checksums of its slices in order; none if they are not known
 * @param latin1 true if the bytes of its name are no UTF-8, and {@code name} is them in ISO 8859-1
 */
public record ParFile(
        Hash16 id,
        String name,
        long length,
        Hash16 md5,
        Hash16 md5of16k,
        int firstSlice,
        int sliceCount,
        List<SliceChecksum> checksums,
        boolean latin1) {
    /** One whose name is text. */
    public ParFile(
            Hash16 id, String name, long length, Hash16 md5, Hash16 md5of16k, int firstSlice,
            int sliceCount, List<SliceChecksum> checksums) {
        this(id, name, length, md5, md5of16k, firstSlice, sliceCount, checksums, false);
    }

    public ParFile {
        checksums = List.copyOf(checksums);
        if (!checksums.isEmpty() && checksums.size() != sliceCount) {
            throw new IllegalArgumentException("checksums must be those of all slices, or none");
        }
    }

    /** The name with its bytes. */
    StoredName stored() {
        return new StoredName(name, latin1);
    }

    /** False if slices of this file can't be recognised by themselves. */
    public boolean hasChecksums() {
        return checksums.size() == sliceCount;
    }

    // A record's own would go through the checksums of all slices at every look into a map.
    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** Index behind its last slice. */
    public int endSlice() {
        return firstSlice + sliceCount;
    }
}

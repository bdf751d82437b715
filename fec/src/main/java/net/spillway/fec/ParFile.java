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
 */
public record ParFile(
        Hash16 id,
        String name,
        long length,
        Hash16 md5,
        Hash16 md5of16k,
        int firstSlice,
        int sliceCount,
        List<SliceChecksum> checksums) {
    public ParFile {
        checksums = List.copyOf(checksums);
        if (!checksums.isEmpty() && checksums.size() != sliceCount) {
            throw new IllegalArgumentException("checksums must be those of all slices, or none");
        }
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

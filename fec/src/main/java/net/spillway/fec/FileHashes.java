package net.spillway.fec;

import java.util.List;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;

/**
 * All that PAR2 wants to know of a file's content.
 *
 * @param length bytes
 * @param md5 MD5 of the whole file
 * @param md5of16k MD5 of its first 16 KiB, or of all of it if it is shorter
 * @param slices checksums of its slices, the last one padded with zeros
 */
public record FileHashes(long length, Hash16 md5, Hash16 md5of16k, List<SliceChecksum> slices) {
    public FileHashes {
        slices = List.copyOf(slices);
    }
}

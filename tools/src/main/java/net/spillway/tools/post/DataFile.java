package net.spillway.tools.post;

import java.util.Collections;
import net.spillway.fec.FileHasher;
import net.spillway.fec.FileHashes;
import net.spillway.fec.Par2SetBuilder;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;

/**
 * A file with octets in it, and its place in the PAR2 set.
 *
 * @param setName what the set calls it
 * @param head MD5 of its first 16 KiB
 * @param firstSlice the index of its first slice
 */
record DataFile(InputFile input, PlannedFile plan, String setName, Hash16 head, int firstSlice) {
    /** Its ID in the set. */
    Hash16 id() {
        return Par2SetBuilder.fileId(head, input.length(), setName);
    }

    DataFile withFirstSlice(int slice) {
        return new DataFile(input, plan, setName, head, slice);
    }

    /** Fails if the file's first octets are not those it had: places in the set depend on them. */
    void requireSameHead(byte[] first, int length) {
        boolean all = length >= FileHasher.HEAD || length == input.length();
        int known = Math.min(length, FileHasher.HEAD);
        if (all && !Hash16.md5(first, 0, known).equals(head)) {
            throw input.changed();
        }
    }

    /** As many hashes as it has, none of which is right: for finding out how much they take. */
    FileHashes placeholders(int sliceSize) {
        int slices = Math.toIntExact(Math.ceilDiv(input.length(), (long) sliceSize));
        return new FileHashes(input.length(), head, head,
                Collections.nCopies(slices, new SliceChecksum(head, 0)));
    }
}

package net.spillway.fec.par1;

import java.security.MessageDigest;
import java.util.List;
import net.spillway.fec.packet.Hash16;

/**
 * A set: what the list of files says that every volume has.
 *
 * @param id the set hash as the volumes state it
 * @param files in the order of the list, which decides each file's factor
 */
public record Par1Set(Hash16 id, List<Par1File> files) {
    public Par1Set {
        files = List.copyOf(files);
    }

    /** A set of these files with the right set hash. */
    public static Par1Set of(List<Par1File> files) {
        MessageDigest md5 = Hash16.newMd5();
        files.stream().filter(Par1File::saved).forEach(f -> md5.update(f.md5().bytes()));
        return new Par1Set(Hash16.of(md5), files);
    }

    /** The files parity was made for; the first of them is file 1. */
    public List<Par1File> saved() {
        return files.stream().filter(Par1File::saved).toList();
    }

    /** Bytes that the data of each volume must have: the length of the longest saved file. */
    public long blockSize() {
        return files.stream().filter(Par1File::saved).mapToLong(Par1File::length).max().orElse(0);
    }
}

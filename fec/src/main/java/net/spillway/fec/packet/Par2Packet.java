package net.spillway.fec.packet;

import java.util.List;

/** A packet whose MD5 was right and whose content keeps to the bounds of the specification. */
public sealed interface Par2Packet {
    /** The recovery set it belongs to. */
    Hash16 setId();

    /**
     * The head of a set.
     *
     * @param sliceSize bytes of a slice, a multiple of 4
     * @param recoverable IDs of the files that can be recovered, in the order of their slices
     * @param others IDs of files that are only described
     */
    record Main(Hash16 setId, long sliceSize, List<Hash16> recoverable, List<Hash16> others)
            implements Par2Packet {
        public Main {
            recoverable = List.copyOf(recoverable);
            others = List.copyOf(others);
        }
    }

    /**
     * A file.
     *
     * @param md5 MD5 of the whole file
     * @param md5of16k MD5 of its first 16 KiB, or of all of it if it is shorter
     * @param length bytes, not negative
     * @param name as written, decoded; not checked for safety
     * @param utf8 false if the name's bytes were no UTF-8 and were taken for ISO 8859-1
     */
    record FileDesc(
            Hash16 setId,
            Hash16 fileId,
            Hash16 md5,
            Hash16 md5of16k,
            long length,
            String name,
            boolean utf8)
            implements Par2Packet {}

    /** The checksums of a file's slices, in order. */
    record SliceChecksums(Hash16 setId, Hash16 fileId, List<SliceChecksum> checksums)
            implements Par2Packet {
        public SliceChecksums {
            checksums = List.copyOf(checksums);
        }
    }

    /** A recovery slice; {@code exponent} is 0..65534. */
    record RecoverySlice(Hash16 setId, int exponent, SliceData data) implements Par2Packet {}

    /** The name of the program that made the set. */
    record Creator(Hash16 setId, String text) implements Par2Packet {}

    /** The optional Unicode name of a file. */
    record UnicodeName(Hash16 setId, Hash16 fileId, String name) implements Par2Packet {}

    /** A packet of a type we don't know; its body is not kept. */
    record Unknown(Hash16 setId, String type) implements Par2Packet {}
}

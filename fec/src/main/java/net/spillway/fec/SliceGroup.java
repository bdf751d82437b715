package net.spillway.fec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.spillway.fec.engine.Md5Lanes;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.packet.Hash16;

/**
 * Some consecutive slices of a file in memory while they are hashed: as many as MD5 can be computed
 * of at a time, or one.
 */
final class SliceGroup {
    /** Groups of larger slices would take too much memory. */
    private static final long MOST_BYTES = 64L << 20;

    private final int sliceSize;
    private final Optional<Md5Lanes> lanes;
    private final byte[] bytes;
    private final List<Hash16> md5s = new ArrayList<>();
    private final FileHasher hasher;

    /** For a file of {@code slices} slices. */
    SliceGroup(SliceEngine engine, int sliceSize, int slices) {
        this(engine, sliceSize, slices, false);
    }

    /** The same; {@code warm} if MD5 in vector lanes is to be taken for compiled already. */
    SliceGroup(SliceEngine engine, int sliceSize, int slices, boolean warm) {
        this.sliceSize = sliceSize;
        lanes =
                SliceMd5s.lanes(engine, sliceSize, slices, warm)
                        .filter(l -> (long) l.lanes() * sliceSize <= MOST_BYTES);
        bytes = new byte[lanes.map(Md5Lanes::lanes).orElse(1) * sliceSize];
        hasher =
                lanes.isPresent()
                        ? new FileHasher(sliceSize, md5s::get) : new FileHasher(sliceSize);
    }

    /** How many slices there are in a group. */
    int slices() {
        return bytes.length / sliceSize;
    }

    /** Where to put them. */
    byte[] bytes() {
        return bytes;
    }

    /** Hashes the first {@code n} bytes; the group is full unless they are the file's last. */
    void hash(int n) {
        if (lanes.isPresent()) {
            Arrays.fill(bytes, n, bytes.length, (byte) 0);
            for (byte[] digest : lanes.get().finish(bytes, 0, sliceSize, sliceSize)) {
                md5s.add(Hash16.at(digest, 0));
            }
        }
        hasher.update(bytes, 0, n);
    }

    /** The hashes of the whole file. */
    FileHashes finish() {
        return hasher.finish();
    }
}

package net.spillway.fec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceData;

/** MD5s of slices that are in memory, several at a time where there are vector lanes for it. */
public final class SliceHashes {
    private static final LaneHasher LANES = new LaneHasher(Engines.best());

    private SliceHashes() {}

    /** How many had better be hashed at a time; 1 if more is not faster. */
    public static int atATime() {
        return LANES.most();
    }

    /**
     * The MD5s of some slices.
     *
     * @param slices each of {@code size} bytes, in memory
     */
    public static Hash16[] md5s(List<SliceData.InMemory> slices, int size) {
        try {
            Optional<Hash16[]> found = LANES.md5s(
                    (at, dst, offset, len) -> slices.get((int) (at / size))
                            .read(at % size, dst, offset, len),
                    0, size, slices.size(), size);
            return found.orElseGet(() -> slices.stream().map(SliceHashes::md5)
                    .toArray(Hash16[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Hash16 md5(SliceData.InMemory slice) {
        MessageDigest md5 = Hash16.newMd5();
        md5.update(slice.bytes(), slice.offset(), (int) slice.length());
        return Hash16.of(md5);
    }
}

package net.spillway.spool.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A row of a {@link BlockTable}: many entries in one.
 *
 * @param key     not above that of its first entry
 * @param highest key of its last entry, or a higher one that it once had
 */
record Block(long key, long highest, int entries, byte[] data) {

    /** Its entries, by rising key. */
    <T> List<T> read(BlockReader<T> codec) {
        var in = new Unpacker(data);
        var found = new ArrayList<T>(entries);
        while (in.hasMore()) {
            found.add(codec.read(key, in));
        }
        return found;
    }

    /** Adds those with keys in [low, high], {@code max} at most. */
    <T> void read(BlockReader<T> codec, long low, long high, int max, List<T> to) {
        var in = new Unpacker(data);
        int room = max;
        while (room > 0 && in.hasMore()) {
            int from = in.position();
            long found = codec.skip(key, in);
            if (found > high) {
                return;
            }
            if (found >= low) {
                in.position(from);
                to.add(codec.read(key, in));
                room--;
            }
        }
    }

    /** The same with only these of its entries; itself if they are all. */
    <T> Block keep(BlockCodec<T> codec, Predicate<T> wanted) {
        var in = new Unpacker(data);
        var kept = new Packer();
        int count = 0;
        while (in.hasMore()) {
            int from = in.position();
            if (wanted.test(codec.read(key, in))) {
                kept.octets(data, from, in.position() - from);
                count++;
            }
        }
        return count == entries ? this : new Block(key, highest, count, kept.toBytes());
    }
}

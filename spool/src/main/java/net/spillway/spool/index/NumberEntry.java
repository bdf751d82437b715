package net.spillway.spool.index;

import net.spillway.spool.segment.Location;

/**
 * A number of a group that an article was given.
 *
 * @param key see {@link Schema#key}
 */
public record NumberEntry(long key, long sequence, long location) {
    /**
     * The number as what it is more than the block's key, the sequence, segment and offset; all
     * packed.
     */
    static final BlockCodec<NumberEntry> CODEC = new BlockCodec<>() {
        @Override
        public long key(NumberEntry entry) {
            return entry.key;
        }

        @Override
        public long location(NumberEntry entry) {
            return entry.location;
        }

        @Override
        public void write(NumberEntry entry, long block, Packer out) {
            out.number(entry.key - block).number(entry.sequence);
            writeLocation(entry.location, out);
        }

        @Override
        public NumberEntry read(long block, Unpacker in) {
            return new NumberEntry(block + in.number(), in.number(), readLocation(in));
        }

        @Override
        public long skip(long block, Unpacker in) {
            return read(block, in).key;
        }
    };

    public long number() {
        return Schema.number(key);
    }

    static void writeLocation(long location, Packer out) {
        out.number(Location.segment(location)).number(Location.offset(location));
    }

    static long readLocation(Unpacker in) {
        return Location.of(in.count(), in.number());
    }
}

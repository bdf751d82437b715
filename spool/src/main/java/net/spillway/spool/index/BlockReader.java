package net.spillway.spool.index;

/** How entries are read from a block's data; there may be several ways to see the same entry. */
interface BlockReader<T> {
    /** @param block the key of the block it comes from */
    T read(long block, Unpacker in);

    /** Goes past an entry; tells its key. */
    long skip(long block, Unpacker in);
}

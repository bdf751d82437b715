package net.spillway.spool.index;

/**
 * How entries of one kind stand in a block's data. Each stands by itself, so that entries can be
 * put behind others, and taken from between them, without a look at the rest.
 */
interface BlockCodec<T> extends BlockReader<T> {
    /** The entry's own key; that of its block is the same or lower. */
    long key(T entry);

    /** Where its article lies. */
    long location(T entry);

    /** @param block the key of the block it goes to */
    void write(T entry, long block, Packer out);
}

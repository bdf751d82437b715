package net.spillway.spool.index;

/**
 * What overview says of an article in a group.
 *
 * @param key   see {@link Schema#key}
 * @param bytes octets of the article without dot-stuffing
 * @param lines of the body
 * @param xref  content of the Xref field
 */
public record OverviewEntry(long key, long sequence, long location, String subject, String from,
        String date, String id, String references, long bytes, int lines, String xref) {

    /** As a {@link NumberEntry}, then octets and lines as numbers, and the texts in this order. */
    static final BlockCodec<OverviewEntry> CODEC = new BlockCodec<>() {
        @Override
        public long key(OverviewEntry entry) {
            return entry.key;
        }

        @Override
        public long location(OverviewEntry entry) {
            return entry.location;
        }

        @Override
        public void write(OverviewEntry entry, long block, Packer out) {
            out.number(entry.key - block).number(entry.sequence);
            NumberEntry.writeLocation(entry.location, out);
            out.number(entry.bytes).number(entry.lines).text(entry.subject).text(entry.from)
                    .text(entry.date).text(entry.id).text(entry.references).text(entry.xref);
        }

        @Override
        public OverviewEntry read(long block, Unpacker in) {
            long key = block + in.number();
            long sequence = in.number();
            long location = NumberEntry.readLocation(in);
            long bytes = in.number();
            int lines = in.count();
            return new OverviewEntry(key, sequence, location, in.text(), in.text(), in.text(),
                    in.text(), in.text(), bytes, lines, in.text());
        }

        @Override
        public long skip(long block, Unpacker in) {
            long key = block + in.number();
            for (int i = 0; i < 5; i++) {
                in.number();
            }
            for (int i = 0; i < 6; i++) {
                in.skipText();
            }
            return key;
        }
    };

    static OverviewEntry of(long key, ArticleRow row) {
        HeadFields head = row.head();
        return new OverviewEntry(key, row.sequence(), row.location(), head.subject(), head.from(),
                head.date(), row.id(), head.references(), row.bytes(), row.lines(), row.xref());
    }

    /** Its number in the group. */
    public long number() {
        return Schema.number(key);
    }
}

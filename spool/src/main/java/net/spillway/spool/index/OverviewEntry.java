package net.spillway.spool.index;

/**
 * What overview says of an article in a group.
 *
 * @param key   see {@link Schema#key}
 * @param head  its subject, from, date and references; there may be more
 * @param bytes octets of the article without dot-stuffing
 * @param lines of the body
 * @param xref  content of the Xref field
 */
public record OverviewEntry(long key, long sequence, long location, HeadFields head, String id,
        long bytes, int lines, String xref) {

    /**
     * As a {@link NumberEntry}, then octets and lines as numbers, then subject, from, date,
     * message-ID, references and Xref.
     */
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
            out.number(entry.bytes).number(entry.lines);
            entry.head.packLine(out);
            out.text(entry.id);
            entry.head.packReferences(out);
            out.text(entry.xref);
        }

        @Override
        public OverviewEntry read(long block, Unpacker in) {
            long key = block + in.number();
            long sequence = in.number();
            long location = NumberEntry.readLocation(in);
            long bytes = in.number();
            int lines = in.count();
            var texts = new Packer(128);
            in.copyTexts(3, texts);
            String id = in.text();
            in.copyTexts(1, texts);
            return new OverviewEntry(key, sequence, location, HeadFields.ofLine(texts), id, bytes,
                    lines, in.text());
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
        return new OverviewEntry(key, row.sequence(), row.location(), row.head(), row.id(),
                row.bytes(), row.lines(), row.xref());
    }

    /** Its number in the group. */
    public long number() {
        return Schema.number(key);
    }
}

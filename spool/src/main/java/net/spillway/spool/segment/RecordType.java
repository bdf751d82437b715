package net.spillway.spool.segment;

/** The type octet of each record. */
final class RecordType {
    static final byte ARTICLE = 1;
    static final byte GROUP = 2;
    static final byte TOMBSTONE = 3;
    static final byte REMEMBERED = 4;
    static final byte FEED = 5;
    static final byte DROPPED = 6;
    static final byte FOOTER = 7;
    static final byte BEGUN = 8;
    static final byte CEILING = 9;

    private RecordType() {}

    static byte of(LogRecord record) {
        return switch (record) {
            case LogRecord.Article article -> ARTICLE;
            case LogRecord.Group group -> GROUP;
            case LogRecord.Tombstone tombstone -> TOMBSTONE;
            case LogRecord.Remembered remembered -> REMEMBERED;
            case LogRecord.Feed feed -> FEED;
            case LogRecord.Dropped dropped -> DROPPED;
            case LogRecord.Begun begun -> BEGUN;
            case LogRecord.Ceiling ceiling -> CEILING;
            case LogRecord.Footer footer -> FOOTER;
        };
    }
}

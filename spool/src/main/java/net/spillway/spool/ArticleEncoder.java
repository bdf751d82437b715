package net.spillway.spool;

import java.util.List;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.index.HeadFields;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.Piece;

/**
 * An article as it is written: its record, and its octets on the wire with our Xref line in them.
 *
 * @param wire     pieces in order
 * @param identity ours, for Xref
 */
record ArticleEncoder(LogRecord.Article record, List<Piece> wire, String identity) {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] END = {'.', '\r', '\n'};

    static ArticleEncoder encode(NewArticle article, long sequence, String identity,
            List<LogRecord.Filed> filed) {
        byte[] xref = XrefLine.of(identity, filed);
        int headLength = article.head().length + xref.length;
        int wireLength = headLength + CRLF.length + article.bodyTo() - article.bodyFrom()
                + END.length;
        var record = new LogRecord.Article(sequence, article.arrival().toEpochMilli(),
                article.id().value(), article.source(),
                article.posted().map(t -> t.toEpochMilli()).orElse(LogRecord.NO_TIME),
                headLength, article.bodyLines(), article.size() + xref.length, filed,
                wireLength);
        List<Piece> wire = List.of(Piece.of(article.head()), Piece.of(xref), Piece.of(CRLF),
                new Piece(article.body(), article.bodyFrom(), article.bodyTo()), Piece.of(END));
        return new ArticleEncoder(record, wire, identity);
    }

    ArticleRow row(HeadFields head, int segment, long offset) {
        return new ArticleRow(record.sequence(), Location.of(segment, offset),
                record.wireLength(), record.arrival(), record.posted(), record.size(),
                record.bodyLines(), record.id(), record.source(), identity, record.filed(), head);
    }
}

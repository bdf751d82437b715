package net.spillway.tools.post;

import net.spillway.protocol.MessageId;

/** An article on its way from one server to the next until one has taken it. */
final class Parcel {
    final Outgoing article;
    /** What came of encoding it; null before. */
    ArticleEncoder.Encoded encoded;
    /** A server may have it already. */
    boolean uncertain;
    /** How often it was refused by 441 or the like. */
    int refusals;
    /** How often it was tried. */
    int tries;
    /** Octets of the file of which progress has been told. */
    int told;
    /** When it was last begun to be sent. */
    long begun;

    Parcel(Outgoing article, boolean uncertain) {
        this.article = article;
        this.uncertain = uncertain;
    }

    MessageId id() {
        return article.id();
    }
}

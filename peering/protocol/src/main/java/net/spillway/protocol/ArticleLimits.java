package net.spillway.protocol;

/**
 * How much of an article's form is taken from strangers.
 *
 * @param headOctets longest head, in octets with line ends
 * @param fields     largest number of header fields
 * @param lineOctets longest line of head or body, without its CRLF
 */
public record ArticleLimits(int headOctets, int fields, int lineOctets) {
    /** RFC 5536 §2.2 and RFC 5322 §2.1.1: what a line of a new article may have. */
    public static final int STANDARD_LINE = 998;

    /** What relays take: older posters exceed the standard, and no line is worth a peer. */
    public static final ArticleLimits DEFAULT = new ArticleLimits(64 * 1024, 500, 16 * 1024);

    public ArticleLimits {
        if (headOctets < 1 || fields < 1 || lineOctets < 1) {
            throw new IllegalArgumentException("article limits must be positive");
        }
    }

    /** The same limits with another length of lines. */
    public ArticleLimits withLineOctets(int octets) {
        return new ArticleLimits(headOctets, fields, octets);
    }
}

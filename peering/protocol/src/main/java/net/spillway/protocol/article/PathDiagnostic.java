package net.spillway.protocol.article;

/**
 * What an agent writes into Path behind its own identity, RFC 5536 §3.1.5 and RFC 5537 §3.2: how
 * it knows who handed it the article.
 *
 * @param keyword  letters such as {@code SEEN}; empty for a match
 * @param identity whom it is about; may be empty
 */
public record PathDiagnostic(String keyword, String identity) {
    /** The sender is known to be the first identity in Path: {@code us!!them!...}. */
    public static PathDiagnostic match() {
        return new PathDiagnostic("", "");
    }

    /** The sender's name was looked up and not compared: {@code us!.SEEN.them!...}. */
    public static PathDiagnostic seen(String source) {
        return new PathDiagnostic("SEEN", source);
    }

    /** The sender is not the first identity in Path: {@code us!.MISMATCH.them!...}. */
    public static PathDiagnostic mismatch(String source) {
        return new PathDiagnostic("MISMATCH", source);
    }

    /** The article was injected here: {@code us!.POSTED!...}. */
    public static PathDiagnostic posted() {
        return new PathDiagnostic("POSTED", "");
    }

    /** The article was injected here, from that host: {@code us!.POSTED.host!...}. */
    public static PathDiagnostic posted(String source) {
        return new PathDiagnostic("POSTED", source);
    }

    /** As it stands between two {@code !} of a path. */
    String token() {
        return keyword.isEmpty() ? "" : "." + keyword + (identity.isEmpty() ? "" : "." + identity);
    }
}

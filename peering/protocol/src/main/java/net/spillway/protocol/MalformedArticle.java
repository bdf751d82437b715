package net.spillway.protocol;

/** An article that may not be taken; the message is one line, fit for the text of a reply. */
public class MalformedArticle extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedArticle(String message) {
        super(message);
    }
}

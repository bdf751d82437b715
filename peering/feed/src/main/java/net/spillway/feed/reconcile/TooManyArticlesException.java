package net.spillway.feed.reconcile;

import java.io.IOException;

/** There are more articles in a range of time than are compared at once. */
public final class TooManyArticlesException extends IOException {
    private static final long serialVersionUID = 1;

    TooManyArticlesException() {
        super("more than " + Census.MAX_ARTICLES + " articles; compare a shorter time");
    }
}

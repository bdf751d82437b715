package net.spillway.relay.admin;

/** Text of a page in the making. Whatever comes from outside goes in by {@link #text}. */
final class Html {
    private final StringBuilder out = new StringBuilder(16 * 1024);

    /** Adds markup of our own. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Adds text, escaped. */
    Html text(String text) {
        out.append(escape(text));
        return this;
    }

    /** Good between tags and within quoted attributes. Control characters become question marks. */
    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> {
                    boolean odd = Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || Character.getType(c) == Character.SURROGATE;
                    safe.appendCodePoint(odd ? '?' : c);
                }
            }
        });
        return safe.toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}

package net.spillway.it;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Sees in what goes from a feed to its peer which articles came through whole, by TAKETHIS. */
final class ArticlesSeen {
    private static final String COMMAND = "TAKETHIS ";

    private final Consumer<String> whole;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private String sending = "";

    /** @param whole is told the message-ID of each */
    ArticlesSeen(Consumer<String> whole) {
        this.whole = whole;
    }

    /** More octets have gone through. */
    void through(byte[] octets) {
        for (byte octet : octets) {
            if (octet == '\n') {
                line(line.toString(StandardCharsets.ISO_8859_1).stripTrailing());
                line.reset();
            } else {
                line.write(octet);
            }
        }
    }

    private void line(String text) {
        if (sending.isEmpty() && text.startsWith(COMMAND)) {
            sending = text.substring(COMMAND.length());
        } else if (!sending.isEmpty() && text.equals(".")) {
            whole.accept(sending);
            sending = "";
        }
    }
}

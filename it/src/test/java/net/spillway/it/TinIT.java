package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newsreader people use, tin, reads a group in its batch mode. */
class TinIT {
    private static final Path TIN = Path.of("/usr/bin/tin");
    private static final String GROUP = "it.talk";
    private static final int ARTICLES = 30;

    @TempDir
    Path temp;

    @Test
    void tinSavesEveryUnreadArticleAsItWasPosted() throws Exception {
        assumeTrue(Files.isExecutable(TIN), "tin is not installed");
        Path newsrc = Files.writeString(temp.resolve("newsrc"), GROUP + ": \n");
        Path saved = Files.createDirectory(temp.resolve("saved"));
        try (Federation federation = Federation.ofOne(temp.resolve("relays"), GROUP)) {
            RelayProcess relay = federation.relay("solo");
            List<String> bodies = post(relay);
            CommandLine.in(temp).with("HOME", temp.toString()).with("TERM", "dumb").runForeign(
                    TIN.toString(), "-r", "-g", relay.address().getHostString(),
                    "-p", "" + relay.address().getPort(), "-f", newsrc.toString(),
                    "-s", saved.toString(), "-S");
            for (int i = 0; i < ARTICLES; i++) {
                Path file = saved.resolve(GROUP.replace('.', '/')).resolve("" + (i + 1));
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertEquals(bodies.get(i), text.substring(text.indexOf("\n\n") + 2).strip());
            }
        }
    }

    private static List<String> post(RelayProcess relay) throws Exception {
        List<String> bodies = new ArrayList<>();
        try (NntpWire wire = relay.connect()) {
            for (int i = 0; i < ARTICLES; i++) {
                String article = "From: Ann <ann@example.org>\r\nNewsgroups: " + GROUP
                        + "\r\nSubject: number " + i + "\r\n\r\nLine " + i
                        + "\r\n..stuffed\r\n.\r\n";
                assertEquals("240",
                        wire.post(article.getBytes(StandardCharsets.US_ASCII)).substring(0, 3));
                bodies.add("Line " + i + "\n.stuffed");
            }
        }
        return bodies;
    }
}

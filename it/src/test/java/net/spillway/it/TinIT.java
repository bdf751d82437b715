package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newsreader people use, tin: in its batch mode, and as people use it, in a terminal. */
class TinIT {
    private static final Path TIN = Path.of("/usr/bin/tin");
    private static final Path TMUX = Path.of("/usr/bin/tmux");
    private static final String GROUP = "it.talk";
    private static final int ARTICLES = 30;

    @TempDir
    private static Path shared;
    private static Federation federation;
    private static RelayProcess relay;
    private static List<String> bodies;

    @TempDir
    private Path temp;
    private Path newsrc;

    @BeforeAll
    static void startRelay() throws Exception {
        assumeTrue(Files.isExecutable(TIN), "tin is not installed");
        federation = Federation.ofOne(shared.resolve("relays"), GROUP);
        relay = federation.relay("solo");
        bodies = post();
    }

    @AfterAll
    static void stopRelay() {
        if (federation != null) {
            federation.close();
        }
    }

    @BeforeEach
    void subscribe() throws Exception {
        newsrc = Files.writeString(temp.resolve("newsrc"), GROUP + ": \n");
    }

    private List<String> tin(String... more) {
        List<String> command = new ArrayList<>(List.of(TIN.toString(), "-r", "-g",
                relay.address().getHostString(), "-p", "" + relay.address().getPort(), "-f",
                newsrc.toString()));
        command.addAll(List.of(more));
        return command;
    }

    @Test
    void tinSavesEveryUnreadArticleAsItWasPosted() throws Exception {
        Path saved = Files.createDirectory(temp.resolve("saved"));
        CommandLine.in(temp).with("HOME", temp.toString()).with("TERM", "dumb").runForeign(
                tin("-s", saved.toString(), "-S").toArray(String[]::new));
        for (int i = 0; i < ARTICLES; i++) {
            Path file = saved.resolve(GROUP.replace('.', '/')).resolve("" + (i + 1));
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertEquals(bodies.get(i), text.substring(text.indexOf("\n\n") + 2).strip());
        }
    }

    @Test
    void somebodyReadsAnArticleWithTinInATerminal() throws Exception {
        assumeTrue(Files.isExecutable(TMUX), "tmux is not installed");
        List<String> begin = new ArrayList<>(List.of("new-session", "-d", "-s", "tin", "-x", "100",
                "-y", "40", "env", "HOME=" + temp, "LC_ALL=C.UTF-8", "TERM=screen"));
        begin.addAll(tin("-Q"));
        tmux(begin.toArray(String[]::new));
        try {
            awaitScreen("Press <RETURN> to continue");
            keys("Enter");
            awaitScreen("Group Selection");
            keys("Enter");
            awaitScreen("number 0");
            keys("Enter");
            String screen = awaitScreen("Line 0");
            assertTrue(screen.contains("\n.stuffed"), screen);
            assertTrue(screen.contains("Ann"), screen);
        } finally {
            quit();
        }
    }

    /** What tin keeps is written by then; tmux ends with it. */
    private void quit() throws Exception {
        run("send-keys", "-t", "tin", "Q");
        try {
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() ->
                    run("has-session", "-t", "tin").exitCode() != 0);
        } finally {
            run("kill-server");
        }
    }

    /** A server of its own, so that nobody else's is met. */
    private CommandLine.Outcome run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(TMUX.toString(), "-S",
                temp.resolve("tmux").toString(), "-f", "/dev/null"));
        command.addAll(List.of(arguments));
        return CommandLine.in(temp).runForeign(command.toArray(String[]::new));
    }

    private CommandLine.Outcome tmux(String... arguments) throws Exception {
        return run(arguments).expect(0);
    }

    private void keys(String key) throws Exception {
        tmux("send-keys", "-t", "tin", key);
    }

    private String awaitScreen(String wanted) {
        String[] screen = {""};
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            screen[0] = tmux("capture-pane", "-p", "-t", "tin").stdout();
            assertTrue(screen[0].contains(wanted), screen[0]);
        });
        return screen[0];
    }

    private static List<String> post() throws Exception {
        List<String> posted = new ArrayList<>();
        try (NntpWire wire = relay.connect()) {
            for (int i = 0; i < ARTICLES; i++) {
                String article = "From: Ann <ann@example.org>\r\nNewsgroups: " + GROUP
                        + "\r\nSubject: number " + i + "\r\n\r\nLine " + i
                        + "\r\n..stuffed\r\n.\r\n";
                assertEquals("240",
                        wire.post(article.getBytes(StandardCharsets.US_ASCII)).substring(0, 3));
                posted.add("Line " + i + "\n.stuffed");
            }
        }
        return posted;
    }
}

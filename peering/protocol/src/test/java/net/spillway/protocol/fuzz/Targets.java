package net.spillway.protocol.fuzz;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import net.spillway.protocol.ArticleHead;
import net.spillway.protocol.ArticleLimits;
import net.spillway.protocol.BlockDecoder;
import net.spillway.protocol.Command;
import net.spillway.protocol.HeadEditor;
import net.spillway.protocol.LineDecoder;
import net.spillway.protocol.MalformedArticle;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.ProtocolException;
import net.spillway.protocol.WireArticle;
import net.spillway.protocol.article.ArticleChecks;
import net.spillway.protocol.article.NewsgroupNames;
import net.spillway.protocol.article.PathHeader;

/** What must hold for any octets that a client sends. */
final class Targets {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ArticleLimits LIMITS = ArticleLimits.DEFAULT;

    private Targets() {
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError("a rule is broken");
        }
    }

    /** Lines are the same however they are cut up on the way, and commands are bounded. */
    static void commandLine(byte[] data) {
        int whole = lines(data, data.length + 1);
        check(whole == lines(data, 1));
        check(whole == lines(data, 7));
    }

    /** Feeds so many octets at a time; a sum over all that came of it. */
    private static int lines(byte[] data, int step) {
        LineDecoder decoder = LineDecoder.forCommands(Command.EXTENDED_OCTETS);
        int sum = 1;
        for (int from = 0; from < data.length; from += step) {
            ByteBuffer in = ByteBuffer.wrap(data, from, Math.min(step, data.length - from));
            while (in.hasRemaining()) {
                if (decoder.feed(in)) {
                    sum = 31 * sum + outcome(decoder);
                }
            }
        }
        return sum;
    }

    private static int outcome(LineDecoder decoder) {
        return switch (decoder.line()) {
            case LineDecoder.TooLong line -> line.limit();
            case LineDecoder.Complete line -> {
                check(line.bytes().length <= Command.EXTENDED_OCTETS);
                yield command(line.bytes());
            }
        };
    }

    private static int command(byte[] line) {
        try {
            Command command = Command.parse(line);
            check(!command.keyword().isEmpty());
            check(command.keyword().chars().noneMatch(c -> c >= 'a' && c <= 'z'));
            command.arguments().forEach(word -> {
                check(!word.isEmpty() && word.indexOf(' ') < 0 && word.indexOf('\t') < 0);
                MessageId.parse(word).ifPresent(id -> check(id.value().equals(word)));
            });
            return Arrays.hashCode(line);
        } catch (ProtocolException e) {
            check(e.getMessage() != null && !e.getMessage().isEmpty());
            return 7;
        }
    }

    /** What is taken for an article has nothing in it that would end it early or break a line. */
    static void article(byte[] data) {
        block(data);
        try {
            WireArticle article = WireArticle.parse(data, LIMITS);
            check(article.bodyStart() <= article.bodyEnd() && article.bodyEnd() <= data.length);
            sound(data);
            head(article.head());
        } catch (MalformedArticle e) {
            check(e.getMessage() != null && !e.getMessage().isEmpty());
        }
    }

    /** No NUL, no bare CR or LF, and the dot that ends it stands at its end alone. */
    private static void sound(byte[] data) {
        for (int i = 0; i < data.length; i++) {
            check(data[i] != 0);
            check(data[i] != '\n' || i > 0 && data[i - 1] == '\r');
            check(data[i] != '\r' || i + 1 < data.length && data[i + 1] == '\n');
            boolean lineStart = i == 0 || data[i - 1] == '\n';
            if (lineStart && data[i] == '.' && i + 2 < data.length && data[i + 1] == '\r') {
                check(i + 3 == data.length);
            }
        }
    }

    private static void head(ArticleHead head) throws MalformedArticle {
        ArticleChecks.injecting(head, NOW).forEach(problem -> check(!problem.isEmpty()));
        ArticleChecks.relaying(head, NOW).forEach(problem -> check(!problem.isEmpty()));
        head.first("Newsgroups").ifPresent(NewsgroupNames::parseList);
        head.first("Path").flatMap(PathHeader::parse)
                .ifPresent(path -> check(!path.identities().contains("")));
        byte[] edited = new HeadEditor(head).remove("Xref").set("X-Fuzz", "yes").toBytes();
        ArticleHead again = ArticleHead.parse(edited, 0, edited.length);
        check(again.first("X-Fuzz").orElse("").equals("yes") && again.count("Xref") == 0);
    }

    /** An article ends at the same octet however it is cut up on the way. */
    private static void block(byte[] data) {
        int whole = end(data, data.length + 1);
        check(whole == end(data, 1) && whole == end(data, 3));
    }

    private static int end(byte[] data, int step) {
        BlockDecoder decoder = new BlockDecoder(1 << 20);
        for (int from = 0; from < data.length; from += step) {
            ByteBuffer in = ByteBuffer.wrap(data, from, Math.min(step, data.length - from));
            if (decoder.feed(in)) {
                return in.position();
            }
        }
        return -1;
    }
}

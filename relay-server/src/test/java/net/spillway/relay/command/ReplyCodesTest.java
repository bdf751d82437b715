package net.spillway.relay.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Dialogue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command in every state a client can be in, against the codes of RFC 3977 (its appendix C
 * lists them), RFC 4643, 4644, 6048 and 2980. The states are the columns:
 *
 * <pre>
 * nobody   no rights, on a line that others could read
 * tls      no rights, but it could log in
 * none     a reader that has selected no group
 * empty    a reader in a group without articles
 * in       a reader in a group, at an article
 * gone     a reader in a group, at an article that has been removed meanwhile
 * peer     a peer, which may not read
 * all      somebody who has logged in and may do everything, in a group
 * </pre>
 */
class ReplyCodesTest {
    private static final List<String> STATES =
            List.of("nobody", "tls", "none", "empty", "in", "gone", "peer", "all");

    private static final String TABLE = """
            CAPABILITIES                       101 101 101 101 101 101 101 101
            CAPABILITIES AUTOUPDATE            101 101 101 101 101 101 101 101
            CAPABILITIES a b                   501 501 501 501 501 501 501 501
            HELP                               100 100 100 100 100 100 100 100
            HELP me                            501 501 501 501 501 501 501 501
            DATE                               111 111 111 111 111 111 111 111
            DATE now                           501 501 501 501 501 501 501 501
            MODE                               501 501 501 501 501 501 501 501
            MODE READER                        201 201 200 200 200 200 201 200
            MODE SIDEWAYS                      501 501 501 501 501 501 501 501
            MODE STREAM                        480 480 480 480 480 480 203 502
            MODE READER now                    501 501 501 501 501 501 501 501
            QUIT now                           501 501 501 501 501 501 501 501
            NONSENSE                           500 500 500 500 500 500 500 500
            XNONSENSE with words               500 500 500 500 500 500 500 500
            AUTHINFO                           483 501 501 501 501 501 483 502
            AUTHINFO USER x                    483 381 381 381 381 381 483 502
            AUTHINFO USER                      483 501 501 501 501 501 483 502
            AUTHINFO NONSENSE x                483 501 501 501 501 501 483 502
            AUTHINFO SASL                      483 501 501 501 501 501 483 502
            AUTHINFO SASL PLAIN x              483 504 504 504 504 504 483 502
            AUTHINFO SASL GSSAPI               483 503 503 503 503 503 483 502
            STARTTLS now                       501 502 501 501 501 501 501 502
            COMPRESS                           480 480 501 501 501 501 501 501
            COMPRESS LZMA                      480 480 503 503 503 503 503 503
            AUTHINFO PASS x                    483 482 482 482 482 482 483 502
            GROUP a.one                        480 480 211 211 211 211 480 211
            GROUP a.none                       480 480 411 411 411 411 480 411
            GROUP a.secret                     480 480 411 411 411 411 480 211
            GROUP                              480 480 501 501 501 501 480 501
            GROUP a b                          480 480 501 501 501 501 480 501
            LISTGROUP                          480 480 412 211 211 211 480 211
            LISTGROUP a.one                    480 480 211 211 211 211 480 211
            LISTGROUP a.one 2-                 480 480 211 211 211 211 480 211
            LISTGROUP a.one 3-1                480 480 211 211 211 211 480 211
            LISTGROUP a.one x                  480 480 501 501 501 501 480 501
            LISTGROUP a.none                   480 480 411 411 411 411 480 411
            LISTGROUP a.secret                 480 480 411 411 411 411 480 211
            ARTICLE                            480 480 412 420 220 420 480 220
            HEAD                               480 480 412 420 221 420 480 221
            BODY                               480 480 412 420 222 420 480 222
            STAT                               480 480 412 420 223 420 480 223
            ARTICLE 3                          480 480 412 423 220 220 480 220
            HEAD 3                             480 480 412 423 221 221 480 221
            BODY 3                             480 480 412 423 222 222 480 222
            STAT 3                             480 480 412 423 223 223 480 223
            ARTICLE 99                         480 480 412 423 423 423 480 423
            STAT 2                             480 480 412 423 423 423 480 423
            ARTICLE <3@x>                      480 480 220 220 220 220 480 220
            HEAD <3@x>                         480 480 221 221 221 221 480 221
            BODY <3@x>                         480 480 222 222 222 222 480 222
            STAT <3@x>                         480 480 223 223 223 223 480 223
            ARTICLE <no@x>                     480 480 430 430 430 430 480 430
            HEAD <2@x>                         480 480 430 430 430 430 480 430
            BODY <no@x>                        480 480 430 430 430 430 480 430
            STAT <4@x>                         480 480 430 430 430 430 480 223
            ARTICLE nonsense                   480 480 501 501 501 501 480 501
            STAT -1                            480 480 501 501 501 501 480 501
            STAT 1 2                           480 480 501 501 501 501 480 501
            NEXT                               480 480 412 420 223 421 480 223
            NEXT now                           480 480 501 501 501 501 480 501
            LAST                               480 480 412 420 422 223 480 422
            LAST now                           480 480 501 501 501 501 480 501
            LIST                               480 480 215 215 215 215 480 215
            LIST ACTIVE                        480 480 215 215 215 215 480 215
            LIST ACTIVE a.*                    480 480 215 215 215 215 480 215
            LIST ACTIVE [                      480 480 501 501 501 501 480 501
            LIST ACTIVE a b                    480 480 501 501 501 501 480 501
            LIST ACTIVE.TIMES                  480 480 215 215 215 215 480 215
            LIST COUNTS a.one                  480 480 215 215 215 215 480 215
            LIST DISTRIB.PATS                  480 480 503 503 503 503 480 503
            LIST DISTRIB.PATS a                480 480 501 501 501 501 480 501
            LIST DISTRIBUTIONS                 480 480 503 503 503 503 480 503
            LIST HEADERS                       480 480 215 215 215 215 480 215
            LIST HEADERS MSGID                 480 480 215 215 215 215 480 215
            LIST HEADERS RANGE                 480 480 215 215 215 215 480 215
            LIST HEADERS x                     480 480 501 501 501 501 480 501
            LIST MODERATORS                    480 480 503 503 503 503 480 503
            LIST MOTD                          480 480 215 215 215 215 480 215
            LIST MOTD a                        480 480 501 501 501 501 480 501
            LIST NEWSGROUPS                    480 480 215 215 215 215 480 215
            LIST OVERVIEW.FMT                  480 480 215 215 215 215 480 215
            LIST OVERVIEW.FMT x                480 480 501 501 501 501 480 501
            LIST SUBSCRIPTIONS                 480 480 503 503 503 503 480 503
            LIST NONSENSE                      480 480 501 501 501 501 480 501
            NEWGROUPS 20200101 000000          480 480 231 231 231 231 480 231
            NEWGROUPS 200101 000000 GMT        480 480 231 231 231 231 480 231
            NEWGROUPS 20201301 000000          480 480 501 501 501 501 480 501
            NEWGROUPS 20200101                 480 480 501 501 501 501 480 501
            NEWGROUPS 20200101 000000 CET      480 480 501 501 501 501 480 501
            NEWNEWS * 20200101 000000          480 480 230 230 230 230 480 230
            NEWNEWS a.two 20200101 000000 GMT  480 480 230 230 230 230 480 230
            NEWNEWS * 20200101 256000          480 480 501 501 501 501 480 501
            NEWNEWS [ 20200101 000000          480 480 501 501 501 501 480 501
            NEWNEWS *                          480 480 501 501 501 501 480 501
            OVER                               480 480 412 420 224 420 480 224
            OVER 1-                            480 480 412 423 224 224 480 224
            OVER 3                             480 480 412 423 224 224 480 224
            OVER 99-                           480 480 412 423 423 423 480 423
            OVER 3-1                           480 480 412 423 423 423 480 423
            OVER <3@x>                         480 480 224 224 224 224 480 224
            OVER <no@x>                        480 480 430 430 430 430 480 430
            OVER x                             480 480 501 501 501 501 480 501
            OVER 1 2                           480 480 501 501 501 501 480 501
            XOVER                              480 480 412 420 224 420 480 224
            XOVER 1-                           480 480 412 420 224 224 480 224
            XOVER 99                           480 480 412 420 420 420 480 420
            XOVER x                            480 480 501 501 501 501 480 501
            HDR Subject                        480 480 412 420 225 420 480 225
            HDR Subject 1-                     480 480 412 423 225 225 480 225
            HDR Subject 99                     480 480 412 423 423 423 480 423
            HDR Organization 3                 480 480 412 423 225 225 480 225
            HDR :bytes 3                       480 480 412 423 225 225 480 225
            HDR :odd 3                         480 480 503 503 503 503 480 503
            HDR a:b 3                          480 480 503 503 503 503 480 503
            HDR Subject <3@x>                  480 480 225 225 225 225 480 225
            HDR Subject <no@x>                 480 480 430 430 430 430 480 430
            HDR Subject x                      480 480 501 501 501 501 480 501
            HDR                                480 480 501 501 501 501 480 501
            XHDR Subject                       480 480 412 420 221 420 480 221
            XHDR Subject 1-                    480 480 412 420 221 221 480 221
            XHDR Subject <3@x>                 480 480 221 221 221 221 480 221
            XHDR Subject <no@x>                480 480 430 430 430 430 480 430
            XPAT Subject 1- *                  480 480 412 420 221 221 480 221
            XPAT Subject <3@x> nothing         480 480 221 221 221 221 480 221
            XPAT Subject <no@x> *              480 480 430 430 430 430 480 430
            XPAT Subject 1- [                  480 480 501 501 501 501 480 501
            XPAT Subject 1-                    480 480 501 501 501 501 480 501
            XPAT :odd 1- *                     480 480 503 503 503 503 480 503
            POST now                           480 480 501 501 501 501 480 501
            IHAVE <9@x> now                    480 480 480 480 480 480 501 502
            IHAVE <3@x>                        480 480 480 480 480 480 435 502
            IHAVE nonsense                     480 480 480 480 480 480 501 502
            CHECK <9@x>                        480 480 480 480 480 480 238 502
            CHECK <3@x>                        480 480 480 480 480 480 438 502
            CHECK nonsense                     480 480 480 480 480 480 501 502
            CHECK                              480 480 480 480 480 480 501 502
            XRECON                             480 480 480 480 480 480 501 502
            XRECON CLOSE                       480 480 480 480 480 480 290 502
            XRECON DANCE                       480 480 480 480 480 480 501 502
            XSPILLWAY STATUS                   480 480 480 480 480 480 480 215
            XSPILLWAY STATUS now               480 480 480 480 480 480 480 501
            XSPILLWAY                          501 501 501 501 501 501 501 501
            XSPILLWAY DANCE                    480 480 480 480 480 480 480 502
            XSPILLWAY RELOAD                   480 480 480 480 480 480 480 502
            XSPILLWAY GROUP REMOVE a.one       480 480 480 480 480 480 480 502
            """;

    /**
     * Commands whose end is not the end of the line, or after which the conversation is another.
     * What follows a command stands behind slashes; "article" is one with the message-ID N, which
     * is new in each state. Codes of one reply after the other have a plus between them.
     */
    private static final String SCRIPTS = """
            QUIT                               205 205 205 205 205 205 205 205
            STARTTLS                           382 502 382 382 382 382 382 502
            COMPRESS DEFLATE                   480 480 206 206 206 206 206 206
            POST / article                     480 480 340+240 340+240 340+240 340+240 480 340+240
            POST / .                           480 480 340+441 340+441 340+441 340+441 480 340+441
            IHAVE N / article                  480 480 480 480 480 480 335+235 502
            IHAVE N / .                        480 480 480 480 480 480 335+437 502
            TAKETHIS N / article               480 480 480 480 480 480 239 502
            TAKETHIS N / .                     480 480 480 480 480 480 439 502
            TAKETHIS <3@x> / article           480 480 480 480 480 480 439 502
            TAKETHIS nonsense / article        480 480 480 480 480 480 501 502
            TAKETHIS / article                 480 480 480 480 480 480 501 502
            XHAVE 1 / AAAAAAAAAAAAAAAAAAAAAA== / .     480 480 HELD HELD HELD HELD 480 HELD
            XHAVE                              480 480 501 501 501 501 480 501
            XHAVE 0 / .                        480 480 501 501 501 501 480 501
            XHAVE x                            480 480 501 501 501 501 480 501
            """.replace("HELD", String.valueOf(ReplyCode.HELD));

    @TempDir
    Path dir;

    private TestRelay relay;
    /** Articles removed so far. */
    private int gone;

    @BeforeEach
    void open() throws Exception {
        relay = new TestRelay(dir);
        relay.fill();
        relay.from("192.0.2.1", false)
                .ask("TAKETHIS <4@x>", TestRelay.wire("4@x", "a.secret"));
        relay.spool().remove(MessageId.of("<2@x>"));
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
    }

    /** A client in that state; a new one each time, since commands change states. */
    private Dialogue in(String state) throws Exception {
        Dialogue client = switch (state) {
            case "nobody" -> relay.from("198.51.100.7", false);
            case "tls", "all" -> relay.from("198.51.100.7", true);
            case "peer" -> relay.from("192.0.2.1", false);
            default -> relay.from("127.0.0.1", false);
        };
        switch (state) {
            case "empty" -> client.ask("GROUP a.mod");
            case "in" -> client.ask("GROUP a.one");
            case "gone" -> {
                String id = "<gone" + ++gone + "@x>";
                relay.from("192.0.2.1", false).ask("TAKETHIS " + id,
                        TestRelay.wire("gone" + gone + "@x", "a.one"));
                client.ask("GROUP a.one", "STAT " + (3 + gone));
                relay.spool().remove(MessageId.of(id));
            }
            case "all" -> client.ask("AUTHINFO USER bob", "AUTHINFO PASS " + TestRelay.PASSWORD,
                    "GROUP a.one");
            default -> { }
        }
        return client;
    }

    @Test
    void everyCommandHasItsCodeInEveryState() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (int column = 0; column < STATES.size(); column++) {
            for (String row : TABLE.lines().toList()) {
                String command = row.substring(0, 35).strip();
                String expected = row.substring(35).split(" +")[column];
                try (Dialogue client = in(STATES.get(column))) {
                    String said = client.ask(command);
                    if (!said.startsWith(expected + " ")) {
                        wrong.add(STATES.get(column) + ": " + command + ": " + expected
                                + " expected: " + said.lines().findFirst().orElse(""));
                    }
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void afterTheNameEverythingButThePasswordIsAnsweredAsBefore() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String row : TABLE.lines().toList()) {
            String command = row.substring(0, 35).strip();
            String expected = command.equals("AUTHINFO PASS x") ? "481"
                    : row.substring(35).split(" +")[STATES.indexOf("tls")];
            try (Dialogue client = in("tls")) {
                assertEquals("381 now the password\n", client.ask("AUTHINFO USER bob"));
                String said = client.ask(command);
                if (!said.startsWith(expected + " ")) {
                    wrong.add(command + ": " + expected + " expected: " + said);
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void whatTakesMoreThanALineHasItsCodesInEveryState() throws Exception {
        List<String> wrong = new ArrayList<>();
        int article = 0;
        for (int column = 0; column < STATES.size(); column++) {
            for (String row : SCRIPTS.lines().toList()) {
                String[] cells = row.substring(row.indexOf("  ")).strip().split(" +");
                String id = "script" + ++article + "@x.example";
                String script = row.substring(0, row.indexOf("  ")).replace(" N", " <" + id + ">");
                String text = script.startsWith("POST")
                        ? TestRelay.post(id, "a.one", "text\n").replaceFirst("POST\n", "")
                        : TestRelay.wire(id, "a.one");
                List<String> expected = List.of(cells[column].split("\\+"));
                try (Dialogue client = in(STATES.get(column))) {
                    List<String> said = client.lines(expected.size(),
                            script.replace(" / ", "\n").replace("\narticle", "\n" + text));
                    if (!said.stream().map(line -> line.substring(0, 3)).toList()
                            .equals(expected)) {
                        wrong.add(STATES.get(column) + ": " + script + ": " + cells[column]
                                + " expected: " + said);
                    }
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }
}

package net.spillway.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import net.spillway.relay.access.Client;
import net.spillway.spool.Spool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NntpSessionTest {
    private static final Client HERE = new Client(InetAddress.getLoopbackAddress(), false);

    @TempDir
    Path dir;

    private RecordingOutlet outlet = new RecordingOutlet(true);
    private FlowTable commands = new FlowTable(Optional.empty());
    private NntpSession session;

    private void start() {
        session = new NntpSession(commands.table(), FlowTable.conversation(HERE), outlet,
                SessionExecutor.of(new StepByStep()), 1000);
        session.open();
        assertTrue(outlet.take().startsWith("200 "));
    }

    private String say(String text) {
        session.receive(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        return outlet.take();
    }

    @Test
    void pipelinedCommandsAreAnsweredInOrderAndInOneWrite() {
        start();
        int before = outlet.writes();
        assertEquals("200 a\r\n215 list\r\nline 1\r\nline 2\r\n.\r\n200 b\r\n",
                say("ECHO a\r\nLIST 2\r\nECHO b\r\n"));
        assertEquals(before + 1, outlet.writes());
    }

    @Test
    void octetByOctetAndAllAtOnceGiveTheSameReplies() {
        String script = "ECHO a\r\nECHO b\nNONSENSE\r\n\r\nECHO \0x\r\nTAKETHIS t\r\nA: b\r\n\r\n"
                + "x\r\n.\r\nSTORE\r\nA: b\r\n\r\n..\r\n.\r\n"
                + "ECHO " + "x".repeat(5000) + "\r\nECHO c\r\n"
                + "TAKETHIS big\r\n" + "y".repeat(3000) + "\r\n.\r\nECHO d\r\nQUIT\r\nECHO e\r\n";
        start();
        String bulk = say(script);
        assertTrue(outlet.isClosed());
        assertEquals(script.length(), outlet.consumed());
        outlet = new RecordingOutlet(true);
        start();
        StringBuilder slow = new StringBuilder();
        for (int i = 0; i < script.length(); i++) {
            slow.append(say(script.substring(i, i + 1)));
        }
        assertEquals(bulk, slow.toString());
        assertEquals("""
                200 a
                200 b
                500 unknown command; HELP lists what there is
                500 the command line is blank
                501 the command holds NUL, CR or LF
                239 t 14
                340 go on
                239 stored 15
                501 the line is longer than 4096 octets
                200 c
                439 big too large: the article has 3005 octets, and 1000 are allowed here
                200 d
                205 bye
                """.replace("\n", "\r\n"), bulk);
    }

    @Test
    void whatFollowsACommandThatTakesTimeWaitsForIt() {
        start();
        assertEquals("", say("LATER\r\nECHO after\r\n"));
        commands.answerOldest(Answer.line(281, "in"));
        assertEquals("281 in\r\n200 after\r\n", outlet.take());
    }

    @Test
    void articlesBeingStoredLetStreamingGoOnAndHoldUpEverythingElse() {
        start();
        String article = "A: b\r\n\r\nx\r\n.\r\n";
        assertEquals("", say("TAKETHIS later\r\n" + article + "TAKETHIS two\r\n" + article
                + "ECHO after\r\n"));
        commands.answerOldest(Answer.line(239, "one"));
        assertEquals("239 one\r\n239 two 14\r\n200 after\r\n", outlet.take());
    }

    @Test
    void tooManyArticlesWaitingForTheDiskStopTheReading() {
        start();
        String article = "A: b\r\n\r\n" + "x".repeat(580) + "\r\n.\r\n";
        say(("TAKETHIS later\r\n" + article).repeat(5));
        assertEquals(2, commands.waiting());
        commands.answerOldest(Answer.line(239, "first"));
        assertEquals(2, commands.waiting());
        assertEquals("239 first\r\n", outlet.take());
    }

    @Test
    void aReplyThatClosesIsTheLastThingSaid() {
        start();
        String article = "A: b\r\n\r\nx\r\n.\r\n";
        say(("TAKETHIS later\r\n" + article).repeat(3) + "ECHO never\r\n");
        commands.answerOldest(Answer.line(239, "first"));
        commands.answerOldest(new Answer.Last(new net.spillway.protocol.Reply(400, "full")));
        commands.answerOldest(Answer.line(239, "third"));
        assertEquals("239 first\r\n400 full\r\n", outlet.take());
        assertTrue(outlet.isClosed());
    }

    @Test
    void aConnectionWhoseSessionRanOutOfMemoryIsNotLeftHanging() {
        start();
        say("BURST\r\nECHO a\r\n");
        assertTrue(outlet.isAborted());
    }

    @Test
    void slowReaderIsSlowedDownAndNotBuffered() {
        start();
        outlet.setReady(false);
        String script = "ECHO 0123456789\r\n".repeat(10_000);
        for (int i = 0; i < 10; i++) {
            assertEquals("", say(script));
        }
        assertEquals(0, outlet.consumed(), "nothing that came is used up");
        outlet.setReady(true);
        session.writable();
        assertEquals("200 0123456789\r\n".repeat(100_000), outlet.take());
        assertEquals(10 * script.length(), outlet.consumed());
    }

    @Test
    void aListOfMillionsIsMadeWhileItIsSent() {
        start();
        outlet.setReady(false);
        say("LIST 100000\r\nECHO end\r\n");
        outlet.setReady(true);
        session.writable();
        String text = outlet.take();
        assertTrue(text.endsWith("line 100000\r\n.\r\n200 end\r\n"));
    }

    @Test
    void filesAreSentWholeAndClosedWithAndWithoutTransfer() throws Exception {
        for (int size : new int[] {3, 30_000, 500_000}) {
            for (boolean transfer : new boolean[] {true, false}) {
                String article = "x".repeat(size - 3) + ".\r\n";
                commands = new FlowTable(Optional.of(
                        Files.writeString(dir.resolve("article"), article)));
                outlet = new RecordingOutlet(transfer);
                start();
                assertEquals(("220 file\r\n" + article).repeat(2) + "200 x\r\n",
                        say("FILE\r\nFILE\r\nECHO x\r\n"));
                assertEquals(0, commands.openFiles());
            }
        }
    }

    @Test
    void filesThatAreNeverSentAreClosed() throws Exception {
        commands = new FlowTable(Optional.of(
                Files.writeString(dir.resolve("article"), "x".repeat(100_000) + "\r\n.\r\n")));
        start();
        outlet.setReady(false);
        say("FILE\r\nFILE\r\nFILE\r\n");
        assertEquals(3, commands.openFiles());
        session.disconnected();
        assertEquals(0, commands.openFiles());
    }

    @Test
    void aFaultInOneCommandIsTold403AndTheSessionGoesOn() {
        start();
        assertEquals("403 something failed here; try again later\r\n200 x\r\n",
                say("STUCK\r\nECHO x\r\n"));
    }

    @Test
    void clientThatClosesItsHalfStillGetsItsReplies() {
        start();
        assertEquals("", say("LATER\r\nECHO x\r\n"));
        session.inputEnded();
        assertFalse(outlet.isClosed());
        commands.answerOldest(Answer.line(200, "late"));
        assertEquals("200 late\r\n200 x\r\n", outlet.take());
        assertTrue(outlet.isClosed());
    }

    @Test
    void silentClientIsToldAndClosedAndOneThatDoesNotReadIsDropped() {
        start();
        session.idle();
        assertTrue(outlet.take().startsWith("400 "));
        assertTrue(outlet.isClosed());

        outlet = new RecordingOutlet(true);
        start();
        outlet.setReady(false);
        say("ECHO x\r\n");
        session.idle();
        assertTrue(outlet.isAborted());
    }

    @Test
    void stoppingRelayAnswersWhatWasAskedAndSaysSo() {
        start();
        say("TAKETHIS later\r\nA: b\r\n\r\n.\r\n");
        session.shutDown();
        assertFalse(outlet.isClosed());
        commands.answerOldest(Answer.line(239, "stored"));
        String text = outlet.take();
        assertTrue(text.startsWith("239 stored\r\n400 "), text);
        assertTrue(outlet.isClosed());
    }

    @Test
    void aQuestionTakesTheNextLineAsItsAnswer() {
        start();
        assertEquals("383 well?\r\n200 you said ECHO a\r\n200 b\r\n",
                say("ASK\r\nECHO a\r\nECHO b\r\n"));
    }

    @Test
    void whatIsPipelinedBehindStarttlsIsDiscarded() throws Exception {
        start();
        outlet.setReady(false);
        assertEquals("", say("ECHO a\r\nSTARTTLS\r\nECHO injected\r\n"));
        assertFalse(outlet.isSecured(), "what was asked before has to be answered first");
        outlet.setReady(true);
        session.writable();
        assertEquals("200 a\r\n382 begin\r\n", outlet.take());
        assertTrue(outlet.isSecured());
        assertEquals("", say("ECHO late\r\n"));
        session.secured(HERE.underTls(Set.of()));
        assertEquals("200 b\r\n", say("ECHO b\r\n"));
    }

    @Test
    void bothDirectionsAreCompressedBehindTheReply() throws Exception {
        start();
        assertEquals("200 a\r\n206 on\r\n", say("ECHO a\r\nCOMPRESS\r\n"));
        Deflater deflater = new Deflater(9, true);
        byte[] said = deflated(deflater, "ECHO " + "y".repeat(900) + "\r\nLIST 3000\r\nSTORE\r\n"
                + "A: b\r\n\r\n" + "z".repeat(5_000_000) + "\r\n.\r\nECHO c\r\n");
        assertTrue(said.length < 10_000);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        for (byte octet : said) {
            session.receive(ByteBuffer.wrap(new byte[] {octet}));
            compressed.writeBytes(outlet.takeOctets());
        }
        assertEquals(said.length, outlet.consumed() - "ECHO a\r\nCOMPRESS\r\n".length());
        Inflater inflater = new Inflater(true);
        inflater.setInput(compressed.toByteArray());
        byte[] plain = new byte[100_000];
        int n = inflater.inflate(plain);
        String text = new String(plain, 0, n, StandardCharsets.US_ASCII);
        assertTrue(text.startsWith("200 " + "y".repeat(900) + "\r\n215 list\r\nline 1\r\n"));
        assertTrue(text.endsWith("line 3000\r\n.\r\n340 go on\r\n439 stored too large: the article"
                + " has 5000013 octets, and 1000 are allowed here\r\n200 c\r\n"), text);
        session.disconnected();
    }

    @Test
    void damagedCompressionEndsTheConnection() {
        start();
        say("COMPRESS\r\n");
        say("ECHO this is not compressed at all\r\n");
        assertTrue(outlet.isClosed());
        session.disconnected();
    }

    @Test
    void onlySoManyConnectionsAreCompressed() {
        RelayParts parts = FlowTable.parts();
        NntpSession first = session(parts);
        assertEquals("206 on\r\n", say("COMPRESS\r\n"));
        NntpSession second = session(parts);
        assertEquals("403 too many connections are compressed; go on without\r\n200 x\r\n",
                say("COMPRESS\r\nECHO x\r\n"));
        first.disconnected();
        assertEquals("206 on\r\n", say("COMPRESS\r\n"));
        second.disconnected();
    }

    private NntpSession session(RelayParts parts) {
        outlet = new RecordingOutlet(true);
        session = new NntpSession(commands.table(), new Conversation(parts, HERE, "x"), outlet,
                SessionExecutor.of(new StepByStep()), 1000);
        session.open();
        outlet.take();
        return session;
    }

    @Test
    void theSpoolKnowsOfInvitedArticlesUntilTheyHaveComeOrTheirSendersAreGone() {
        var coming = new AtomicInteger();
        var spool = (Spool) Proxy.newProxyInstance(Spool.class.getClassLoader(),
                new Class<?>[] {Spool.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "arriving" -> {
                        coming.incrementAndGet();
                        yield null;
                    }
                    case "arrived" -> {
                        coming.decrementAndGet();
                        yield null;
                    }
                    default -> InvocationHandler.invokeDefault(proxy, method, arguments);
                });
        RelayParts parts = FlowTable.parts(spool);
        session(parts);
        say("TAKETHIS uninvited\r\nA: b\r\n");
        assertEquals(0, coming.get());
        say("\r\nx\r\n.\r\nSTORE\r\nA: b\r\n");
        assertEquals(1, coming.get());
        say("\r\nx\r\n.\r\n");
        assertEquals(0, coming.get());
        say("STORE\r\n" + "y".repeat(3000) + "\r\n.\r\n"); // Too large.
        assertEquals(0, coming.get());
        say("STORE\r\nA: b\r\n");
        session.disconnected();
        assertEquals(0, coming.get());
    }

    private static byte[] deflated(Deflater deflater, String text) {
        deflater.setInput(text.getBytes(StandardCharsets.US_ASCII));
        byte[] out = new byte[100_000];
        return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH));
    }

    @Test
    void floodsOfNonsenseEndTheirOwnConnection() {
        start();
        assertTrue(say("NONSENSE\r\n".repeat(100) + "ECHO a\r\n").endsWith("\r\n200 a\r\n"));
        assertTrue(say("NONSENSE\r\n".repeat(101))
                .endsWith("\r\n400 too many lines that are no commands; bye\r\n"));
        assertTrue(outlet.isClosed());
    }

    @Test
    void aLineWithoutEndEndsTheConnection() {
        outlet = new RecordingOutlet(true);
        start();
        String piece = "x".repeat(100_000);
        for (int i = 0; i < 10; i++) {
            assertEquals("", say(piece));
        }
        assertEquals("400 this is no command; bye\r\n", say(piece));
        assertTrue(outlet.isClosed());
    }

    @Test
    void anArticleWithoutEndEndsTheConnection() {
        outlet = new RecordingOutlet(true);
        start();
        say("TAKETHIS t\r\n");
        String piece = ("x".repeat(998) + "\r\n").repeat(1000);
        for (int i = 0; i < 67; i++) {
            assertEquals("", say(piece));
        }
        assertEquals("400 the article has no end; bye\r\n", say(piece));
        assertTrue(outlet.isClosed());
    }
}

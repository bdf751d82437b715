package net.spillway.relay.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.conf.HostPort;
import net.spillway.conf.LimitsConfig;
import net.spillway.conf.ListenConfig;
import net.spillway.protocol.BlockDecoder;
import net.spillway.protocol.Reply;
import net.spillway.relay.command.NntpCommands;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.CommandTable;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.FlowTable;
import net.spillway.relay.session.NntpSession;
import net.spillway.relay.session.RelayParts;
import net.spillway.relay.session.Right;
import net.spillway.relay.session.Spec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What connections cost that do nothing, or stop in the middle. Heap is counted, of both ends. */
class ManyConnectionsTest {
    private static final int HEAP_PER_CONNECTION = 30 * 1024;
    /** More than the 200 of another test are given, so that it is not bounded by this. */
    private static final int HALF_SENT = 64 << 20;
    private static final int SPARE_FILES = 1000;

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final List<SocketChannel> clients = new ArrayList<>();
    private Listeners listeners;
    private InetSocketAddress address;

    @BeforeEach
    void listen() throws IOException {
        var limits = new LimitsConfig(20_000, 20_000, 2 << 20, 1000, 256 * 1024,
                Duration.ofMinutes(10));
        List<Spec> commands = new ArrayList<>(new NntpCommands().table().all());
        commands.add(new Spec("ARTICLEIN", Right.PUBLIC, 0, 0, c -> "", false, false, "ARTICLEIN",
                (conversation, command) -> new Answer.Receive(
                        Optional.of(new Reply(340, "send it")), 2 << 20, new Counting())));
        RelayParts shared = FlowTable.parts(HALF_SENT);
        var named = new AtomicInteger();
        CommandTable table = new CommandTable(commands);
        listeners = new Listeners(limits, threads, (client, outlet, strand) -> new NntpSession(
                table, new Conversation(shared, client, "#" + named.incrementAndGet()), outlet,
                strand, limits.pipelineBytes()));
        listeners.bind(List.of(new ListenConfig(HostPort.of("127.0.0.1", 0), false)),
                Optional.empty());
        address = listeners.addresses().getFirst();
    }

    @AfterEach
    void stop() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
        listeners.close();
        threads.shutdown();
    }

    @Test
    void anIdleConnectionTakesLittleHeap() throws Exception {
        int connections = 1000;
        assumeFiles(2 * connections);
        open(50);
        long before = heap();
        open(connections);
        long each = (heap() - before) / connections;
        assertTrue(each < HEAP_PER_CONNECTION, each + " octets of heap for an idle connection");
    }

    @Test
    void thousandsOfHalfOpenConnectionsAndHalfSentArticlesAreBorne() throws Exception {
        int halfOpen = 5000;
        int halfSent = 200;
        int octets = 128 * 1024;
        assumeFiles(2 * (halfOpen + halfSent));
        open(50);
        long before = heap();
        for (SocketChannel client : open(halfOpen)) {
            say(client, "DA");
        }
        String half = "From: somebody\r\n\r\n" + ("x".repeat(126) + "\r\n").repeat(octets / 128);
        for (SocketChannel client : open(halfSent)) {
            assertEquals("340 send it", ask(client, "ARTICLEIN"));
            say(client, half);
        }
        Awaitility.await().untilAsserted(() -> {
            try (RawClient good = new RawClient(address)) {
                assertTrue(good.line().startsWith("200 "));
                assertTrue(good.ask("DATE").startsWith("111 "));
            }
        });
        long taken = heap() - before;
        // An array may be twice as large as what is in it.
        long bound = (long) (halfOpen + halfSent) * HEAP_PER_CONNECTION + 2L * halfSent * octets;
        assertTrue(taken < bound, taken + " octets of heap taken, " + bound + " are bearable");
        for (SocketChannel client : clients.subList(50, 60)) {
            assertTrue(ask(client, "TE").startsWith("111 "));
        }
        SocketChannel last = clients.getLast();
        assertEquals("239 " + (half.length() + 3), ask(last, "."));
    }

    @Test
    void articlesThatAreNeverSentToTheirEndTakeNoMoreThanTheirShareTogether() throws Exception {
        int halfSent = 400;
        int octets = 250 * 1024; // Fills an array that is not so large that it wastes heap.
        assumeFiles(2 * halfSent);
        String half = "From: somebody\r\n\r\n" + ("x".repeat(126) + "\r\n").repeat(octets / 128);
        long before = heap();
        for (SocketChannel client : open(halfSent)) {
            assertEquals("340 send it", ask(client, "ARTICLEIN"));
            say(client, half);
        }
        assertTrue(line(clients.getFirst()).startsWith("400 too much is half sent here"));
        Awaitility.await().untilAsserted(() -> {
            long taken = heap() - before;
            assertTrue(taken < HALF_SENT + halfSent * HEAP_PER_CONNECTION,
                    taken + " octets of heap taken, " + HALF_SENT + " are bearable");
        });
        SocketChannel good = open(1).getFirst();
        assertEquals("340 send it", ask(good, "ARTICLEIN"));
        say(good, half);
        assertEquals("239 " + (half.length() + 3), ask(good, "."));
    }

    private static void assumeFiles(int files) {
        Assumptions.assumeTrue(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                        && unix.getMaxFileDescriptorCount() > files + SPARE_FILES,
                "a process may not open so many files here");
    }

    private List<SocketChannel> open(int count) throws IOException {
        List<SocketChannel> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SocketChannel client = SocketChannel.open(address);
            opened.add(client);
            clients.add(client);
            assertTrue(line(client).startsWith("200 "));
        }
        return opened;
    }

    private static String ask(SocketChannel client, String command) throws IOException {
        say(client, command + "\r\n");
        return line(client);
    }

    private static void say(SocketChannel client, String text) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (octets.hasRemaining()) {
            client.write(octets);
        }
    }

    private static String line(SocketChannel client) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (client.read(one.clear()) == 1 && one.get(0) != '\n') {
            line.append((char) one.get(0));
        }
        return line.toString().stripTrailing();
    }

    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static final class Counting implements Answer.Receiver {
        @Override
        public Answer received(BlockDecoder.Complete article) {
            return Answer.line(239, "" + article.length());
        }

        @Override
        public Answer refused(String why) {
            return Answer.line(439, why);
        }
    }
}

package net.spillway.tools.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import net.spillway.protocol.MessageId;
import org.junit.jupiter.api.Test;

/** What a server has, by STAT; for XHAVE see the tests with relays. */
class InventoryTest {
    private static final List<MessageId> IDS = IntStream.range(0, 1234)
            .mapToObj(i -> MessageId.of("<" + i + "@x>")).toList();

    private static PipelinedClient client(ScriptedServer server) throws NntpException {
        return PipelinedClient.open(
                server.address(), Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    @Test
    void everyArticleIsLearntOfOnceAndInOrder() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            IntStream.range(0, IDS.size()).filter(i -> i % 7 != 0).forEach(
                    i -> server.articles().put(IDS.get(i).value(), new byte[0]));
            BitSet all = new BitSet();
            int[] next = {0};
            try (PipelinedClient client = client(server)) {
                assertTrue(Inventory.take(client, IDS, (from, to, held) -> {
                    assertEquals(next[0], from);
                    next[0] = to;
                    held.stream().forEach(i -> all.set(from + i));
                    return true;
                }));
                assertEquals(205, client.ask("QUIT").code(), "nothing is outstanding");
            }
            assertEquals(IDS.size(), next[0]);
            IntStream.range(0, IDS.size()).forEach(i -> assertEquals(i % 7 != 0, all.get(i)));
        }
    }

    @Test
    void longIdsAreAskedAboutFewerAtATimeSoThatNeitherSideWaitsForTheOther() {
        assertEquals(1000, Inventory.askable(IDS, 0));
        assertEquals(IDS.size(), Inventory.askable(IDS, IDS.size() - 1));
        List<MessageId> longIds = IntStream.range(0, 1234)
                .mapToObj(i -> MessageId.of("<" + i + "@" + "x".repeat(230) + ">")).toList();
        int asked = Inventory.askable(longIds, 100) - 100;
        assertTrue(asked > 200 && asked < 300, "64 KiB of them, not " + asked);
    }

    @Test
    void longIdsAreAllLearntOf() throws Exception {
        List<MessageId> longIds = IntStream.range(0, 600)
                .mapToObj(i -> MessageId.of("<" + i + "@" + "x".repeat(230) + ">")).toList();
        try (ScriptedServer server = new ScriptedServer(); PipelinedClient client = client(server)) {
            longIds.forEach(id -> server.articles().put(id.value(), new byte[0]));
            int[] held = {0};
            assertTrue(Inventory.take(client, longIds, (from, to, are) -> {
                held[0] += are.cardinality();
                return true;
            }));
            assertEquals(600, held[0]);
            assertEquals(205, client.ask("QUIT").code(), "nothing is outstanding");
        }
    }

    @Test
    void whoeverHasEnoughIsToldNoMore() throws Exception {
        try (ScriptedServer server = new ScriptedServer(); PipelinedClient client = client(server)) {
            int[] calls = {0};
            assertTrue(Inventory.take(client, IDS, (from, to, held) -> ++calls[0] < 2));
            assertEquals(2, calls[0]);
            assertEquals(205, client.ask("QUIT").code(), "nothing is outstanding");
        }
    }

    @Test
    void serversThatDoNotAnswerAreLeftAlone() throws Exception {
        try (ScriptedServer server = new ScriptedServer().withoutStat();
                PipelinedClient client = client(server)) {
            assertFalse(Inventory.take(client, IDS, (from, to, held) -> {
                throw new AssertionError("nothing can be learnt");
            }));
            assertEquals(205, client.ask("QUIT").code(), "nothing is outstanding");
        }
    }
}

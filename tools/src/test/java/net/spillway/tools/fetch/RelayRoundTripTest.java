package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.protocol.MessageId;
import net.spillway.relay.Relay;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.Inventory;
import net.spillway.tools.client.PipelinedClient;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.PostResult;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Progress;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our clients and our relay. */
class RelayRoundTripTest {
    @TempDir Path folder;

    @Test
    void treesComeBackFromARelayAsTheyWere() throws Exception {
        file("tree/a.bin", 3_000_000);
        file("tree/b/c.bin", 200_000);
        file("tree/b/tiny", 1);
        file("tree/empty", 0);
        try (Relay relay = Relay.start(ConfigLoader.embedded(
                folder.resolve("spool"), HostPort.parse("127.0.0.1:0")))) {
            InetSocketAddress at = relay.nntpAddresses().getFirst();
            ServerAddress address = ServerAddress.plain("127.0.0.1", at.getPort());
            PostResult posted = new Poster(PostRequest.of(List.of(folder.resolve("tree")),
                    List.of(address), List.of("spill.test")).withNzb(folder.resolve("t.nzb")),
                    Progress.none()).post();
            assertEquals(0, posted.retries());
            FetchResult fetched = new Fetcher(FetchRequest.of(posted.nzb(), List.of(address),
                    folder.resolve("out")), Progress.none()).fetch();
            assertEquals(4, fetched.files().size());
            requireInventory(address, posted.nzb());
            for (String name : List.of("tree/a.bin", "tree/b/c.bin", "tree/b/tiny",
                    "tree/empty")) {
                assertArrayEquals(Files.readAllBytes(folder.resolve(name)),
                        Files.readAllBytes(folder.resolve("out").resolve(name)), name);
            }
            CommandFailure e = Assertions.assertThrows(CommandFailure.class, () -> new Poster(
                    PostRequest.of(List.of(folder.resolve("tree")), List.of(address),
                            List.of("no.such.group")).withNzb(folder.resolve("u.nzb")),
                    Progress.none()).post());
            Assertions.assertTrue(e.getMessage().contains("carries no newsgroup"),
                    e.getMessage());
        }
    }

    @Test
    void partsTooLargeForARelayAreRefusedWithTheLimitAndWhatToDo() throws Exception {
        file("large.bin", 5_000_000);
        try (Relay relay = Relay.start(ConfigLoader.embedded(
                folder.resolve("spool"), HostPort.parse("127.0.0.1:0")))) {
            ServerAddress address = ServerAddress.plain("127.0.0.1",
                    relay.nntpAddresses().getFirst().getPort());
            // Without parity, since with it so small a file is cut into small parts anyway.
            PostRequest request = PostRequest.of(List.of(folder.resolve("large.bin")),
                    List.of(address), List.of("spill.test")).withNzb(folder.resolve("t.nzb"))
                    .withRedundancy(0);
            CommandFailure e = Assertions.assertThrows(CommandFailure.class, () -> new Poster(
                    request.withPartSize(PostRequest.MAX_PART_SIZE), Progress.none()).post());
            Assertions.assertTrue(e.getMessage().matches("(?s).*441 too large: the article has"
                    + " \\d+ octets, and 2097152 are allowed here\\. Post with a smaller"
                    + " --part-size.*No manifest was written\\..*"), e.getMessage());
            Assertions.assertFalse(Files.exists(folder.resolve("t.nzb")));
            // What the help says that a relay takes.
            new Poster(request.withPartSize(1900 << 10).withRestart(), Progress.none()).post();
        }
    }

    /** By XHAVE, which our relays speak: one request, one answer. */
    private static void requireInventory(ServerAddress address, Path nzb) throws IOException {
        List<MessageId> ids = new ArrayList<>(NzbReader.read(nzb).entries().stream()
                .flatMap(e -> e.segments().stream()).map(NzbFile.Segment::id).toList());
        ids.add(1, MessageId.of("<never@posted>"));
        List<BitSet> answers = new ArrayList<>();
        try (PipelinedClient client = PipelinedClient.open(
                address, Duration.ofSeconds(10), Duration.ofSeconds(10))) {
            Assertions.assertTrue(Inventory.take(client, ids, (from, to, held) -> {
                assertEquals(0, from);
                assertEquals(ids.size(), to);
                return answers.add(held);
            }));
        }
        assertEquals(1, answers.size());
        assertEquals(ids.size() - 1, answers.getFirst().cardinality());
        Assertions.assertFalse(answers.getFirst().get(1));
    }

    private void file(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Files.createDirectories(folder.resolve(name).getParent());
        Files.write(folder.resolve(name), bytes);
    }
}

package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.fetch.FetchRequest;
import net.spillway.tools.fetch.FetchResult;
import net.spillway.tools.fetch.Fetcher;
import net.spillway.tools.fetch.MirrorReport;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file is fetched from foreign servers that do everything wrong that a server can do. */
class FetchFaultsIT {
    private static final int PART = 8 * 1024;
    private static final int PARTS = 60;

    @TempDir
    static Path input;
    private static Path nzb;
    private static Path file;
    private static Map<String, byte[]> posted;
    private static List<String> data;

    @TempDir
    Path temp;
    private final List<FaultServer> servers = new ArrayList<>();

    @BeforeAll
    static void post() throws Exception {
        file = Folders.file(input.resolve("data.bin"), 1, PARTS * PART - 99);
        nzb = input.resolve("data.nzb");
        try (FaultServer server = new FaultServer()) {
            new Poster(PostRequest.of(List.of(file), List.of(address(server)), List.of("it.files"))
                    .withPartSize(PART).withNzb(nzb), Progress.none()).post();
            posted = Map.copyOf(server.articles());
        }
        data = Manifest.read(nzb).data();
        assertEquals(PARTS, data.size());
    }

    @AfterEach
    void stop() throws IOException {
        for (FaultServer server : servers) {
            server.close();
        }
    }

    private FaultServer server() throws IOException {
        FaultServer server = new FaultServer(new ConcurrentHashMap<>(posted));
        servers.add(server);
        return server;
    }

    private static ServerAddress address(FaultServer server) {
        return ServerAddress.plain("127.0.0.1", server.address().getPort());
    }

    private Path out() {
        return temp.resolve("out");
    }

    /** With short times, so that what hangs is noticed soon. */
    private FetchRequest request(FaultServer... from) {
        return FetchRequest.of(nzb, Stream.of(from).map(FetchFaultsIT::address).toList(), out())
                .withTimes(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(1));
    }

    /** Where all mirrors say what they have, however long that takes. */
    private FetchRequest surveyed(FaultServer... from) {
        return request(from).withSurvey(Duration.ofMinutes(1));
    }

    private FetchResult whole(FaultServer... from) throws Exception {
        return whole(request(from));
    }

    private FetchResult whole(FetchRequest request) throws Exception {
        FetchResult result = new Fetcher(request, Progress.none()).fetch();
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(out().resolve("data.bin")));
        return result;
    }

    private static CommandFailure fails(FetchRequest request) {
        return assertThrows(
                CommandFailure.class, () -> new Fetcher(request, Progress.none()).fetch());
    }

    private static List<String> every(int nth) {
        List<String> some = new ArrayList<>();
        for (int i = 0; i < data.size(); i += nth) {
            some.add(data.get(i));
        }
        return some;
    }

    /** One mirror does it to a quarter of the articles; the other one has them. */
    @ParameterizedTest
    @EnumSource(BodyFault.class)
    void whatOneMirrorGetsWrongTheOtherGives(BodyFault fault) throws Exception {
        FaultServer bad = server().onBody(FaultServer.Script.of(every(4), fault));
        FaultServer good = server();
        FetchResult result = whole(bad, good);
        assertEquals(0, result.repairedSlices());
        assertEquals(0, result.recoveryArticles());
        boolean sayNo = Set.of(BodyFault.MISSING, BodyFault.TAKEN_DOWN, BodyFault.CORRUPT,
                BodyFault.SHORTENED, BodyFault.ANOTHERS_BODY, BodyFault.ANOTHER_ARTICLE,
                BodyFault.NO_YENC).contains(fault);
        for (String id : data) {
            assertTrue(!sayNo || bad.requests(id) <= 1, "asked again for what it has not: " + id);
            assertTrue(bad.requests(id) <= 3, "asked too often: " + id);
        }
    }

    /** There is one mirror, and it never gives two of the articles: parity has to. */
    @ParameterizedTest
    @EnumSource(value = BodyFault.class, mode = EnumSource.Mode.EXCLUDE, names = "LATE")
    void whatNoMirrorGivesIsRepairedWithJustAsMuchParity(BodyFault fault) throws Exception {
        FaultServer only = server().onBody(
                FaultServer.Script.of(List.of(data.get(7), data.get(40)), fault));
        FetchResult result = whole(only);
        assertEquals(2, result.repairedSlices());
        assertEquals(2, result.recoveryArticles());
    }

    @ParameterizedTest
    @EnumSource(value = BodyFault.class, names = {
        "MISSING", "CORRUPT", "NO_YENC", "REFUSE_500", "CUT", "ANOTHER_ARTICLE"})
    void tooMuchThatIsWrongEndsHonestlyAndNamesNothing(BodyFault fault) throws Exception {
        FaultServer only = server().onBody(FaultServer.Script.of(every(2), fault));
        CommandFailure e = fails(request(only));
        // A mirror that breaks connections may be better tomorrow; one that says no will not.
        boolean later = fault == BodyFault.REFUSE_500 || fault == BodyFault.CUT;
        assertEquals(later ? ExitCode.TEMPORARY : ExitCode.NOT_RECOVERABLE, e.exitCode(),
                e.getMessage());
        assertFalse(Files.exists(out().resolve("data.bin")));
    }

    @Test
    void mirrorsThatGreetWithNoOrNotAtAllAreDoneWithout() throws Exception {
        FaultServer no = server().greeting("502 not you");
        FaultServer full = server().greeting("400 too many");
        FaultServer silent = server().greeting("");
        FaultServer odd = server().greeting("SSH-2.0-OpenSSH");
        whole(no, full, silent, odd, server());
    }

    @Test
    void mirrorsThatDoNotKnowStatAreFetchedFromAllTheSame() throws Exception {
        FaultServer without = server().withoutStat()
                .onBody(FaultServer.Script.of(every(30), BodyFault.MISSING));
        FetchResult result = whole(without);
        assertEquals(2, result.repairedSlices());
    }

    @Test
    void theOnlyMirrorGoesDownAndComesBack() throws Exception {
        FaultServer only = server();
        only.onBody(request -> {
            if (request.inAll() == PARTS / 3) {
                only.downFor(2);
            }
            return Optional.empty();
        });
        FetchResult result = whole(request(only).withTimes(
                Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMinutes(1)));
        assertTrue(result.mirrors().getFirst().failures() > 0, "it was never away");
    }

    @Test
    void threeMirrorsThatEachLackAQuarterAreAskedForHardlyAnythingTheyLack() throws Exception {
        List<FaultServer> three = List.of(server(), server(), server());
        Set<String> lost = new HashSet<>(data.subList(45, 48));
        for (int i = 0; i < 3; i++) {
            Set<String> lacking = new HashSet<>(data.subList(15 * i, 15 * i + 15));
            lacking.addAll(lost);
            three.get(i).onBody(FaultServer.Script.of(lacking, BodyFault.MISSING));
        }
        FetchResult result = whole(surveyed(three.toArray(FaultServer[]::new)));
        assertEquals(3, result.repairedSlices());
        assertEquals(3, result.recoveryArticles());
        assertEquals(0, three.stream().mapToInt(FaultServer::misses).sum());
        // Data, parity and the parity's index.
        assertEquals(PARTS - 3 + 3 + 1, result.mirrors().stream()
                .mapToLong(MirrorReport::articles).sum());
    }

    @Test
    void whatEveryMirrorLacksTooMuchOfIsSaidBeforeMuchIsFetched() throws Exception {
        Set<String> missing = new HashSet<>(every(2));
        FaultServer.Script<BodyFault> slow = request -> Optional.of(
                missing.contains(request.id()) ? BodyFault.MISSING : BodyFault.LATE);
        FaultServer one = server().onBody(slow);
        FaultServer two = server().onBody(slow);
        CommandFailure e = fails(surveyed(one, two));
        assertEquals(ExitCode.NOT_RECOVERABLE, e.exitCode());
        assertTrue(one.requests() + two.requests() < PARTS / 2, e.getMessage());
    }
}

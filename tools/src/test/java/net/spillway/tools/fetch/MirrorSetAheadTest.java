package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.client.ScriptedServer.Fault;
import net.spillway.tools.nzb.NzbReader;
import net.spillway.tools.nzb.NzbSource;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Progress;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is asked of a mirror far away before it is wanted. The answer to what is wanted first waits
 * until a connection holds back an answer that is all there to what is wanted next.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MirrorSetAheadTest {
    /** More than one connection is asked for at once. */
    private static final int ARTICLES = 20;
    private static final int SIZE = 1024;
    private static final int CONNECTIONS = 2;

    @TempDir Path folder;
    private final AtomicBoolean wasAhead = new AtomicBoolean();
    private ScriptedServer server;
    private Path nzb;
    private Workplace place;
    private Sources sources;
    private Wanted first;
    private List<Wanted> next;
    private Progress.Task task;
    private int before;

    @BeforeEach
    void post() throws Exception {
        server = new ScriptedServer();
        Path file = Files.write(folder.resolve("data.bin"), new byte[ARTICLES * SIZE]);
        nzb = new Poster(PostRequest.of(List.of(file), List.of(server.address()),
                List.of("spill.test")).withPartSize(SIZE).withNzb(folder.resolve("post.nzb")),
                Progress.none()).post().nzb();
        place = Workplace.in(folder.resolve("out"), NzbSource.of(nzb));
        sources = new Sources(NzbReader.read(nzb), place);
        first = sources.parityFiles().getFirst().wanted().getFirst();
        next = sources.data().getFirst().wanted();
        task = Progress.none().start("", 0, Progress.Unit.BYTES);
        before = server.connections();
        assertEquals(ARTICLES, next.size());
    }

    @AfterEach
    void stop() throws Exception {
        task.close();
        sources.close();
        place.close();
        server.close();
    }

    @Test
    void whatIsWantedNextIsAskedForFromAfarAndOnlyTakenThen() throws Exception {
        withFirst(Optional.empty());
        try (MirrorSet mirrors = set()) {
            mirrors.fetch(List.of(first), next, task, List::of);
            assertTrue(wasAhead.get());
            assertTrue(first.done);
            assertEquals(0, came());
            mirrors.fetch(next, task);
        }
        assertEquals(ARTICLES, came());
        next.forEach(w -> assertEquals(1, server.requests(w.id().value())));
    }

    @Test
    void nothingIsAskedForTwiceIfItIsNamedAsWantedNextOnceMore() throws Exception {
        List<Wanted> one = next.subList(0, 1);
        List<Wanted> two = next.subList(0, 2);
        try (MirrorSet mirrors = set()) {
            mirrors.fetch(List.of(first), one, task, List::of);
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(
                    () -> server.hasAnswered(one.getFirst().id().value()) && isAnyHeldBack());
            mirrors.fetch(List.of(), two, task, List::of);
            // Whoever asks for it looks at the one before first.
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(
                    () -> server.hasAnswered(two.getLast().id().value()));
            assertEquals(0, came());
            mirrors.fetch(two, task);
        }
        assertEquals(2, came());
        two.forEach(w -> assertEquals(1, server.requests(w.id().value())));
    }

    @Test
    void whatComesBeforeTheRestOnceMoreComesThoughAllHoldAnswersBack() throws Exception {
        withFirst(Optional.empty());
        List<Wanted> second = sources.parityFiles().get(1).wanted();
        try (MirrorSet mirrors = set()) {
            mirrors.fetch(List.of(first), next, task, List::of);
            assertTrue(wasAhead.get());
            mirrors.fetch(second, next, task, List::of);
            assertTrue(second.stream().allMatch(w -> w.done));
            mirrors.fetch(next, task);
        }
        assertEquals(ARTICLES, came());
        next.forEach(w -> assertEquals(1, server.requests(w.id().value())));
    }

    @Test
    void whatComesFirstIsLackingAndTheRestIsTakenWhenItIsWanted() throws Exception {
        withFirst(Optional.of(Fault.MISSING));
        try (MirrorSet mirrors = set()) {
            mirrors.fetch(List.of(first), next, task, List::of);
            assertTrue(wasAhead.get());
            assertFalse(first.done);
            assertEquals(0, came());
            mirrors.fetch(next, task);
        }
        assertEquals(ARTICLES, came());
    }

    @Test
    void whoHoldsAnswersBackGetsWhatComesFirstIfItsOwnConnectionIsCutForGood() throws Exception {
        withFirst(Optional.of(Fault.CUT));
        server.greeting(n -> n > before + CONNECTIONS ? "hang" : "200 here");
        try (MirrorSet mirrors = set()) {
            mirrors.fetch(List.of(first), next, task, List::of);
            assertTrue(wasAhead.get());
            assertTrue(first.done);
            mirrors.fetch(next, task);
        }
        assertEquals(ARTICLES, came());
    }

    @Test
    void whatIsAskedForAheadAndLackingIsLostWhenItIsWanted() throws Exception {
        List<Wanted> lacking = next.subList(1, 3);
        withFirst(Optional.empty(), lacking);
        try (MirrorSet mirrors = set()) {
            mirrors.fetch(List.of(first), next, task, List::of);
            assertTrue(wasAhead.get());
            assertEquals(List.of(), mirrors.answers().lost(next));
            mirrors.fetch(next, task);
            assertEquals(lacking, mirrors.answers().lost(next));
        }
        assertEquals(ARTICLES - lacking.size(), came());
        next.forEach(w -> assertEquals(1, server.requests(w.id().value())));
    }

    @Test
    void whoHoldsAnswersBackEndsWhenAllIsClosed() throws Exception {
        withFirst(Optional.empty());
        try (MirrorSet mirrors = set()) {
            mirrors.fetch(List.of(first), next, task, List::of);
            assertTrue(wasAhead.get() && isAnyHeldBack());
        }
        assertEquals(0, came());
        assertFalse(isAnyHeldBack());
    }

    /** As when parity cannot suffice, which may be found out only now. */
    @Test
    void nothingThatWaitsIsTakenIfItIsFoundToBeHopeless() throws Exception {
        withFirst(Optional.empty());
        IllegalStateException hopeless = new IllegalStateException("hopeless");
        try (MirrorSet mirrors = set()) {
            mirrors.fetch(List.of(first), next, task, List::of);
            assertTrue(wasAhead.get() && isAnyHeldBack());
            assertSame(hopeless, assertThrows(IllegalStateException.class,
                    () -> mirrors.fetch(next, task, () -> {
                        throw hopeless;
                    })));
        }
        assertEquals(0, came());
        assertFalse(isAnyHeldBack());
    }

    private void withFirst(Optional<Fault> once) {
        withFirst(once, List.of());
    }

    private void withFirst(Optional<Fault> once, List<Wanted> lacking) {
        AtomicBoolean again = new AtomicBoolean();
        List<String> without = lacking.stream().map(w -> w.id().value()).toList();
        server.failing(id -> {
            if (!id.equals(first.id().value())) {
                return Optional.of(Fault.MISSING).filter(f -> without.contains(id));
            }
            if (again.getAndSet(true)) {
                return Optional.empty();
            }
            try {
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> isAnyHeldBack()
                        && next.stream().anyMatch(w -> server.hasAnswered(w.id().value())));
                wasAhead.set(true);
            } catch (ConditionTimeoutException e) {
                return once; // The test looks whether it was.
            }
            return once;
        });
    }

    private long came() {
        return next.stream().filter(w -> w.done).count();
    }

    private MirrorSet set() {
        Duration longer = Duration.ofMinutes(1);
        FetchRequest request = FetchRequest.of(nzb, List.of(), folder.resolve("out"))
                .withMirrors(List.of(MirrorSpec.of(server.address(), MirrorSpec.MAIN)))
                .withConnections(CONNECTIONS).withTimes(longer, longer, longer);
        return new MirrorSet(request, Progress.none(), Duration.ofDays(1), Duration.ZERO);
    }

    /** Whether a connection waits to be told that it may take an answer. */
    private boolean isAnyHeldBack() {
        return Thread.getAllStackTraces().entrySet().stream().anyMatch(thread ->
                thread.getKey().getName().equals("fetch-" + server.address())
                && Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getMethodName().equals("awaitTaking")));
    }
}

package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import net.spillway.tools.nzb.NzbException;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;
import net.spillway.tools.nzb.NzbSource;
import net.spillway.tools.progress.Progress;

/** Fetches what a manifest names from all mirrors at once, and repairs what none of them has. */
public final class Fetcher {
    private final FetchRequest request;
    private final Progress progress;
    private Consumer<Map<String, Object>> events = event -> { };

    public Fetcher(FetchRequest request, Progress progress) {
        this.request = request;
        this.progress = progress;
    }

    /** Has somebody told what happens, on any thread, each time with an "event" that says what. */
    public Fetcher reporting(Consumer<Map<String, Object>> to) {
        events = to;
        return this;
    }

    /**
     * Fetches everything. Files appear under their final names only when all of them are whole; the
     * parity files are not kept.
     *
     * @throws CommandFailure {@code USAGE} for a manifest that cannot be understood,
     *     {@code NOT_RECOVERABLE} if more is missing than parity covers, {@code TEMPORARY} if
     *     mirrors that could not be reached may have what is lacking, {@code FAILED} otherwise.
     *     Nothing appears under a final name then, with two exceptions: if all files are whole, but
     *     some have names that are refused, the others get theirs; and what the request's
     *     keepBroken asks for. What came stays in a hidden folder, from which the same request
     *     goes on
     * @throws InterruptedException if the thread was interrupted
     */
    public FetchResult fetch() throws InterruptedException {
        check();
        Instant start = Instant.now();
        NzbSource source = source();
        if (Files.isDirectory(request.manifest())) {
            manifest(source); // It says what is wrong.
        }
        // Mirrors connect while the manifest is read, unless another fetch has the place.
        try (Workplace place = Workplace.in(request.output(), source);
                MirrorSet mirrors = new MirrorSet(request, progress)) {
            return run(manifest(source), place, mirrors, start);
        } catch (Par2Exception e) {
            throw new CommandFailure(
                    ExitCode.FAILED, "Parity cannot be used: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "Files cannot be written to "
                    + request.output() + ": " + Explanation.of(e), e);
        }
    }

    /** What was got is kept for the next try, and whoever asked for it is told so. */
    private FetchResult run(NzbFile nzb, Workplace place, MirrorSet mirrors, Instant start)
            throws IOException, InterruptedException {
        try (mirrors) {
            FetchRun run = new FetchRun(nzb, request, place, mirrors, progress, events);
            return run.run(() -> Duration.between(start, Instant.now()));
        } catch (CommandFailure e) {
            throw !place.isWorthKeeping() ? e : new CommandFailure(e.exitCode(), e.getMessage()
                    + " What came is in " + place.folder() + "; the same command goes on from"
                    + " there.", e);
        }
    }

    /** What mirrors have of it; nothing is fetched or written. */
    public HealthReport health() throws InterruptedException {
        check();
        NzbSource source = source();
        try (MirrorSet mirrors = new MirrorSet(request, progress)) {
            return new HealthCheck(new Sources(manifest(source)), mirrors, progress).check();
        }
    }

    private void check() {
        int mirrors = request.from().size();
        require(mirrors >= 1 && mirrors <= FetchRequest.MAX_MIRRORS,
                "Name 1 to " + FetchRequest.MAX_MIRRORS + " mirrors.");
        require(request.connections() >= 1
                        && request.connections() <= FetchRequest.MAX_CONNECTIONS,
                "Connections are 1 to " + FetchRequest.MAX_CONNECTIONS + ".");
        require(!Files.exists(request.output()) || Files.isDirectory(request.output()),
                "-o " + request.output() + ": this is a file, not a folder. Name another.");
    }

    private NzbSource source() {
        try {
            return NzbSource.of(request.manifest());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private NzbFile manifest(NzbSource source) {
        try {
            NzbFile nzb = NzbReader.read(source);
            boolean empty = nzb.entries().isEmpty() && nzb.first(NzbFile.FILE).isEmpty();
            require(!empty, source + " is an NZB, but names no file.");
            return nzb;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private CommandFailure unreadable(IOException e) {
        return new CommandFailure(ExitCode.USAGE, e instanceof NzbException ? e.getMessage()
                : request.manifest() + " cannot be read: " + Explanation.of(e), e);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new CommandFailure(ExitCode.USAGE, otherwise);
        }
    }
}

package net.spillway.tools.post;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import net.spillway.tools.progress.Progress;

/**
 * Posts files with parity and writes their manifest. A post that was broken off is taken up again
 * by the same request: what it has done stands in a journal beside the manifest.
 */
public final class Poster {
    private final PostRequest request;
    private final Progress progress;

    public Poster(PostRequest request, Progress progress) {
        this.request = request;
        this.progress = progress;
    }

    /**
     * Posts everything, then writes the manifest.
     *
     * @throws CommandFailure {@code USAGE} for a request that can't be meant so, {@code TEMPORARY}
     *     if no server could be reached or mirrors have not got everything in time, {@code FAILED}
     *     otherwise; no manifest is written then
     * @throws InterruptedException if the thread was interrupted; no manifest is written
     */
    public PostResult post() throws InterruptedException {
        RequestCheck.check(request);
        String title = request.inputs().isEmpty() ? request.piped().orElseThrow().name()
                : InputTree.nameOf(request.inputs().getFirst());
        Workplace place = new Workplace(
                request.nzb().orElse(Path.of(title.replace('/', '_') + ".nzb")));
        Optional<PostResult> finished = finished(place);
        if (finished.isPresent()) {
            return finished.get();
        }
        RequestCheck.requireFree(place.nzb());
        try {
            if (request.restart()) {
                place.clear();
            }
            return new PostRun(request, progress, title, place).run();
        } catch (IOException e) {
            throw failure(place, new CommandFailure(
                    ExitCode.FAILED, "Posting broke off: " + Explanation.of(e) + ".", e));
        } catch (CommandFailure e) {
            throw e.exitCode() == ExitCode.USAGE ? e : failure(place, e);
        }
    }

    private Optional<PostResult> finished(Workplace place) {
        if (request.restart() || request.dryRun()) {
            return Optional.empty();
        }
        try {
            Optional<PostResult> finished = FinishedPost.clearUp(place);
            finished.ifPresent(post -> progress.note("all of this had been posted, and "
                    + post.nzb() + " written, when an earlier process was broken off"));
            return finished;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "What an earlier process left at "
                    + place.journal() + " cannot be cleared up: " + Explanation.of(e) + ".", e);
        }
    }

    private static CommandFailure failure(Workplace place, CommandFailure e) {
        Map<String, Object> details = new LinkedHashMap<>(e.details());
        if (Files.exists(place.journal())) {
            details.put("journal", place.journal());
        }
        String what = e.getMessage().endsWith(".") ? e.getMessage() : e.getMessage() + ".";
        // If what is asked for differs, the same command would fail again, and that was said.
        return new CommandFailure(e.exitCode(), details.containsKey("differs") ? what
                : what + whatIsLeft(place), e, details);
    }

    private static String whatIsLeft(Workplace place) {
        return " No manifest was written." + (Files.exists(place.journal())
                ? "\nThe same command goes on from here; what has been posted stands in "
                        + place.journal() + "."
                : "");
    }
}

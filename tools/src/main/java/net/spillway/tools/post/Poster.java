package net.spillway.tools.post;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
        Path nzb = RequestCheck.freeManifest(
                request.nzb().orElse(Path.of(title.replace('/', '_') + ".nzb")));
        Workplace place = new Workplace(nzb);
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

    private static CommandFailure failure(Workplace place, CommandFailure e) {
        Map<String, Object> details = new LinkedHashMap<>(e.details());
        if (Files.exists(place.journal())) {
            details.put("journal", place.journal());
        }
        String what = e.getMessage().endsWith(".") ? e.getMessage() : e.getMessage() + ".";
        return new CommandFailure(e.exitCode(), what + whatIsLeft(place), e, details);
    }

    private static String whatIsLeft(Workplace place) {
        return " No manifest was written." + (Files.exists(place.journal())
                ? "\nThe same command goes on from here; what has been posted stands in "
                        + place.journal() + "."
                : "");
    }
}

package net.spillway.tools.post;

import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Progress;

/** Posts files with parity and writes their manifest. */
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
     *     if no server could be reached, {@code FAILED} otherwise; no manifest is written then
     * @throws InterruptedException if the thread was interrupted; no manifest is written
     */
    public PostResult post() throws InterruptedException {
        progress.note("posting to " + request.to());
        throw new CommandFailure(ExitCode.FAILED, "posting is being built");
    }
}

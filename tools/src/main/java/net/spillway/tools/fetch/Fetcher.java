package net.spillway.tools.fetch;

import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Progress;

/** Fetches what a manifest names from all mirrors at once, and repairs what none of them has. */
public final class Fetcher {
    private final FetchRequest request;
    private final Progress progress;

    public Fetcher(FetchRequest request, Progress progress) {
        this.request = request;
        this.progress = progress;
    }

    /**
     * Fetches everything. Files appear under their final names only when all of them are whole.
     *
     * @throws CommandFailure {@code USAGE} for a manifest that cannot be understood,
     *     {@code NOT_RECOVERABLE} if more is missing than parity covers, {@code TEMPORARY} if
     *     mirrors that could not be reached may have what is lacking, {@code FAILED} otherwise;
     *     nothing appears under a final name then
     * @throws InterruptedException if the thread was interrupted; nothing is left behind
     */
    public FetchResult fetch() throws InterruptedException {
        progress.note("fetching " + request.manifest());
        throw new CommandFailure(ExitCode.FAILED, "fetching is being built");
    }
}

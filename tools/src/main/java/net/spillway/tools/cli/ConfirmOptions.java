package net.spillway.tools.cli;

import java.time.Duration;
import java.util.List;
import net.spillway.conf.HostPort;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.progress.Progress;
import picocli.CommandLine.Option;

/** Mixin: when a post is believed to have arrived. */
public final class ConfirmOptions {
    private static final int LONGEST_SECONDS = 7 * 24 * 3600;

    @Option(names = "--confirm", paramLabel = "K", description =
            "Be done only when K of the mirrors named with --on have every article.")
    private Integer copies;

    @Option(names = "--on", split = ",", paramLabel = "MIRROR",
            description = "The mirrors to ask, as for --to.")
    private List<HostPort> mirrors = List.of();

    @Option(names = "--confirm-timeout", paramLabel = "SECONDS", defaultValue = "300",
            description = "How long to wait for that (${DEFAULT-VALUE}). After half of it, what no"
                    + " mirror has is posted again if the server has lost it; at its end, what is"
                    + " missing where is told, and the exit code is 75.")
    private int seconds;

    PostRequest addTo(PostRequest request, ConnectionOptions connection, Progress progress) {
        if (copies == null && mirrors.isEmpty()) {
            return request;
        }
        if (copies == null || mirrors.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE,
                    "--confirm and --on belong together: --confirm 2 --on a:119,b:119,c:119.");
        }
        Checks.inRange("--confirm-timeout", seconds, 1, LONGEST_SECONDS);
        return request.withConfirm(new PostRequest.Confirm(
                copies, connection.resolve(mirrors, progress), Duration.ofSeconds(seconds)));
    }
}

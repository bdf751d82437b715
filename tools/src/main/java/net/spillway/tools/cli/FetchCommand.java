package net.spillway.tools.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import net.spillway.conf.HostPort;
import net.spillway.tools.ExitCode;
import net.spillway.tools.fetch.FetchRequest;
import net.spillway.tools.fetch.FetchResult;
import net.spillway.tools.fetch.Fetcher;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway fetch}. */
@Command(
        name = "fetch",
        description = {
            "Fetch what a manifest (NZB) names.",
            "It comes from all mirrors at once, and what none of them has is made good from parity."
                    + " Files get their names only when all of them are whole."})
final class FetchCommand implements Callable<Integer>, OutputOptions.Has {
    @Parameters(paramLabel = "MANIFEST.nzb", description = "The manifest, plain or gzip.")
    private Path manifest;

    @Option(names = "--from", required = true, split = ",", paramLabel = "HOST:PORT", description =
            "The mirrors: HOST:PORT, nntp://HOST:PORT or nntps://HOST:PORT.")
    private List<HostPort> from;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR", defaultValue = ".", description =
            "Where the files go, made if need be (the working directory); nothing is written"
                    + " outside it.")
    private Path output;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "4",
            description = "Connections to each mirror, 1 to 64 (${DEFAULT-VALUE}).")
    private int connections;

    @Mixin private ConnectionOptions connection;
    @Mixin private OutputOptions reporting;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return reporting;
    }

    @Override
    public Integer call() throws InterruptedException {
        FetchResult result;
        try (TerminalProgress progress = reporting.progress()) {
            FetchRequest request = FetchRequest
                    .of(manifest, connection.resolve(from, progress), output)
                    .withConnections(Checks.connections(connections, FetchRequest.MAX_CONNECTIONS));
            result = new Fetcher(request, progress).fetch();
        }
        return reporting.print(
                spec.commandLine().getOut(), ExitCode.DONE, result, describe(result));
    }

    static String describe(FetchResult result) {
        StringBuilder text = new StringBuilder(String.format(
                "fetched %s, %s, in %s (%s); %s of %s repaired",
                Figures.count(result.files().size(), "file"), Figures.bytes(result.bytes()),
                Figures.duration(result.elapsed()), Figures.rate(result.bytes(), result.elapsed()),
                Figures.count(result.repairedSlices()), Figures.count(result.dataSlices(), "slice")));
        for (FetchResult.FetchedFile file : result.files()) {
            text.append(String.format("%n  %-8s %9s  %s",
                    file.how().name().toLowerCase(Locale.ROOT),
                    Figures.bytes(file.bytes()), file.path()));
        }
        return text.toString();
    }
}

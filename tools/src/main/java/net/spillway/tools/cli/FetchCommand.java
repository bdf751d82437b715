package net.spillway.tools.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.spillway.tools.ExitCode;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.fetch.FetchRequest;
import net.spillway.tools.fetch.FetchResult;
import net.spillway.tools.fetch.Fetcher;
import net.spillway.tools.fetch.HealthReport;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway fetch}. */
@Command(
        name = "fetch",
        description = {
            "Fetch what a manifest (NZB) names.",
            "It comes from all mirrors at once, and what none of them has is made good from parity."
                    + " Files get their names only when all of them are whole. A fetch that was"
                    + " broken off goes on when the same command is given again. Archives are left"
                    + " as they come: unpacking them is the business of other tools."})
final class FetchCommand implements Callable<Integer>, OutputOptions.Has {
    @Mixin private NamedManifest manifest;
    @Mixin private MirrorOptions mirrors;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR", defaultValue = ".", description =
            "Where the files go, made if need be (the working directory); nothing is written"
                    + " outside it.")
    private Path output;

    @Option(names = "--health", description =
            "Fetch nothing; only say what the mirrors have, and whether it is enough.")
    private boolean health;

    @Option(names = "--keep-broken", description =
            "If it cannot be made whole, keep what there is: whole files under their names, others"
                    + " with .broken behind them. As long as mirrors that could not be reached may"
                    + " have the rest, nothing is kept so.")
    private boolean keepBroken;

    @Option(names = "--overwrite", description =
            "Replace files that have the names of what is fetched, once all of it is whole, instead"
                    + " of stopping. Folders in the way are never replaced.")
    private boolean overwrite;

    @Option(names = "--no-join", description =
            "Leave NAME.001, NAME.002 and so on as they are instead of joining them to NAME. Only"
                    + " pieces of one size are joined, of which the last may be smaller.")
    private boolean noJoin;

    @Mixin private OutputOptions reporting;
    @Mixin private EventOptions events;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return reporting;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path named = manifest.path();
        FetchResult result;
        try (TerminalProgress progress = reporting.progress()) {
            if (output.toString().isEmpty()) {
                throw new CommandFailure(ExitCode.USAGE,
                        "-o wants the name of a folder, and this is none: \"\".");
            }
            FetchRequest request = FetchRequest.of(named, List.of(), output)
                    .withMirrors(mirrors.resolve(progress)).withConnections(mirrors.connections())
                    .withKeepBroken(keepBroken).withJoin(!noJoin)
                    .withOverwrite(overwrite).withPatience(mirrors.patience());
            Fetcher fetcher = new Fetcher(request, progress)
                    .reporting(events.sink(spec.commandLine().getOut()));
            if (health) {
                HealthReport report = fetcher.health();
                progress.close();
                return HealthCommand.print(spec, reporting, report);
            }
            result = fetcher.fetch();
        }
        return reporting.print(
                spec.commandLine().getOut(), ExitCode.DONE, result, describe(result));
    }

    private static String summary(FetchResult result) {
        String files = Figures.count(result.files().size(), "file") + ", "
                + Figures.bytes(result.bytes());
        List<FetchResult.FetchedFile> came = result.files().stream()
                .filter(file -> file.how() != FetchResult.How.KEPT).toList();
        if (came.isEmpty()) {
            return "nothing to fetch: " + files
                    + (result.files().size() == 1 ? ", is" : ", are") + " there already";
        }
        long bytes = came.stream().mapToLong(FetchResult.FetchedFile::bytes).sum();
        int kept = result.files().size() - came.size();
        return String.format("fetched %s, %s, in %s (%s); %s of %s repaired%s",
                Figures.count(came.size(), "file"), Figures.bytes(bytes),
                Figures.duration(result.elapsed()), Figures.rate(bytes, result.elapsed()),
                Figures.count(result.repairedSlices()),
                Figures.count(result.dataSlices(), "slice"),
                kept == 0 ? "" : "; " + Figures.count(kept, "file") + " kept");
    }

    static String describe(FetchResult result) {
        StringBuilder text = new StringBuilder(summary(result));
        for (FetchResult.FetchedFile file : result.files()) {
            text.append(String.format("%n  %-8s %9s  %s",
                    file.how(),
                    Figures.bytes(file.bytes()), file.path()));
        }
        return text.toString();
    }
}

package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.demo.Demo;
import net.spillway.tools.demo.DemoRequest;
import net.spillway.tools.demo.DemoResult;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway demo}. */
@Command(
        name = "demo",
        description = {
            "Show the main job on this machine, on three relays of its own.",
            "They feed each other in a ring; files are posted to the first with 10 %% parity; 5 %%"
                    + " of the articles are deleted everywhere; the first relay stops; the files"
                    + " are fetched from the other two. Done (0) only if all are identical.",
            "Without files it posts 64 MiB and a small folder tree of its own making."})
final class DemoCommand implements Callable<Integer>, OutputOptions.Has {
    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Files or folders to post.")
    private List<Path> files = List.of();

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description =
            "Chooses the generated files and the articles that get lost (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--keep", description =
            "Keep the temporary folder: configurations, spools, logs, manifest and output.")
    private boolean keep;

    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new CommandFailure(ExitCode.USAGE, file
                        + ": there is no such file or folder.");
            }
        }
        DemoResult result;
        try (TerminalProgress progress = output.progress()) {
            result = new Demo(new DemoRequest(files, seed, keep), progress).run();
        }
        return output.print(spec.commandLine().getOut(),
                result.isGood() ? ExitCode.DONE : ExitCode.FAILED, result, describe(result));
    }

    static String describe(DemoResult result) {
        var posted = result.posted();
        var fetched = result.fetched();
        List<String> lines = new ArrayList<>();
        lines.add(row("", "files", "articles", "bytes", "time", "rate"));
        lines.add(row("posted to relay 1", Figures.count(posted.files()),
                Figures.count(posted.articles()), Figures.bytes(posted.bytes()),
                Figures.duration(posted.elapsed()),
                Figures.rate(posted.bytes(), posted.elapsed())));
        lines.add(row("spread to all relays", "", Figures.count(posted.articles()), "",
                Figures.duration(result.propagation()), ""));
        lines.add(row("missing everywhere", "", Figures.count(result.removed()), "", "", ""));
        lines.add(row("fetched from 2 and 3", Figures.count(fetched.files().size()),
                Figures.count(fetched.articles()), Figures.bytes(fetched.bytes()),
                Figures.duration(fetched.elapsed()),
                Figures.rate(fetched.bytes(), fetched.elapsed())));
        lines.add("");
        lines.add(String.format("repaired   %s of %s slices, with %s recovery articles",
                Figures.count(fetched.repairedSlices()), Figures.count(fetched.dataSlices()),
                Figures.count(fetched.recoveryArticles())));
        lines.add(String.format("identical  %s of %s files (SHA-256), in %s altogether",
                Figures.count(result.identical()), Figures.count(posted.files()),
                Figures.duration(result.elapsed())));
        result.different().forEach(name -> lines.add("DIFFERENT  " + Terminal.safe(name)));
        result.kept().ifPresent(folder -> lines.add("kept       " + folder));
        return String.join(System.lineSeparator(), lines);
    }

    private static String row(Object... cells) {
        return String.format("%-22s %5s %9s %10s %9s %12s", cells).stripTrailing();
    }
}

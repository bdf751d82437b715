package net.spillway.tools.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import net.spillway.conf.RelayConfig;
import net.spillway.spool.SpoolForget;
import net.spillway.spool.SpoolLockedException;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway spool forget}. */
@Command(
        name = "forget",
        description = {"Give up a storage class whose disk is lost for good. Its articles are not"
                + " known any more, and the relay asks its peers for them; their numbers are not"
                + " given again.", "Should the disk come back, have its folder emptied before the"
                + " class is named again."})
final class SpoolForgetCommand implements Callable<Integer>, OutputOptions.Has {
    @Mixin private SpoolCommand.Place place;

    @Parameters(paramLabel = "CLASS", description = "The storage class.")
    private String storage;

    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() throws IOException {
        RelayConfig config = place.config();
        SpoolForget.Report report;
        try (TerminalProgress progress = output.progress()) {
            progress.note("giving up storage class " + storage);
            report = SpoolForget.forget(config.spool(), config.identity(), storage);
        } catch (SpoolLockedException e) {
            throw SpoolCommand.inUse(e, "stop that relay first");
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage() + ".", e);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("storage", storage);
        result.put("segments", report.segments());
        result.put("articles", report.articles());
        return output.print(spec.commandLine().getOut(), ExitCode.DONE, result,
                "gave up " + Figures.count(report.segments(), "segment") + " with "
                        + Figures.count(report.articles(), "article")
                        + "; the relay asks its peers for them");
    }
}

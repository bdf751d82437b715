package net.spillway.tools.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import net.spillway.tools.ExitCode;
import net.spillway.tools.fetch.FetchRequest;
import net.spillway.tools.fetch.Fetcher;
import net.spillway.tools.fetch.HealthReport;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spillway health}. */
@Command(
        name = "health",
        description = {
            "Say what mirrors have of a manifest, and whether that is enough.",
            "Nothing is fetched. The exit code is 0 if the files can be had, 3 if they cannot, 75 if"
                    + " that is not known for want of mirrors that could be asked. Manifests of"
                    + " other programs do not tell how large slices are: there it is 0 if there is more parity than is missing."})
final class HealthCommand implements Callable<Integer>, OutputOptions.Has {
    @Mixin private NamedManifest manifest;
    @Mixin private MirrorOptions mirrors;
    @Mixin private OutputOptions reporting;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return reporting;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path named = manifest.path();
        HealthReport report;
        try (TerminalProgress progress = reporting.progress()) {
            report = new Fetcher(FetchRequest.of(named, List.of(), Path.of(""))
                    .withMirrors(mirrors.resolve(progress)).withConnections(1)
                    .withPatience(mirrors.patience()), progress).health();
        }
        return print(spec, reporting, report);
    }

    /** Prints it, and gives what the process is to end with. */
    static int print(CommandSpec spec, OutputOptions reporting, HealthReport report) {
        ExitCode end = switch (report.verdict()) {
            case WHOLE, RECOVERABLE, DAMAGED -> ExitCode.DONE;
            case NOT_RECOVERABLE -> ExitCode.NOT_RECOVERABLE;
            case UNKNOWN -> ExitCode.TEMPORARY;
        };
        return reporting.print(spec.commandLine().getOut(), end, report, describe(report));
    }

    static String describe(HealthReport report) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < report.mirrors().size(); i++) {
            HealthReport.OfMirror mirror = report.mirrors().get(i);
            text.append(String.format("mirror %d  %s: %s%n", i + 1, mirror.server(),
                    mirror.asked() ? Figures.count(mirror.present(), "article") + " here, "
                            + Figures.count(mirror.missing()) + " missing"
                            : Terminal.safe(withoutName(mirror))));
        }
        text.append(String.format("%n%9s  %s  %7s  file%n", "articles",
                columns(report), "missing"));
        for (HealthReport.OfFile file : report.files()) {
            StringBuilder present = new StringBuilder();
            file.present().forEach(n -> present.append(
                    String.format("%9s", n < 0 ? "-" : Figures.count(n))));
            text.append(String.format("%9s  %s  %7s  %s%n", Figures.count(file.articles()),
                    present, asked(report) == 0 ? "?"
                            : Figures.count(file.missing()), Terminal.safe(file.name())));
        }
        return text.append(String.format("%n")).append(verdict(report)).toString();
    }

    private static long asked(HealthReport report) {
        return report.mirrors().stream().filter(HealthReport.OfMirror::asked).count();
    }

    /** Most errors begin with the mirror's name, which stands before them here. */
    private static String withoutName(HealthReport.OfMirror mirror) {
        String name = mirror.server() + ": ";
        return mirror.error().startsWith(name) ? mirror.error().substring(name.length())
                : mirror.error();
    }

    private static String columns(HealthReport report) {
        StringBuilder columns = new StringBuilder();
        for (int i = 1; i <= report.mirrors().size(); i++) {
            columns.append(String.format("%9s", "mirror " + i));
        }
        return columns.toString();
    }

    private static String amounts(HealthReport report) {
        return ": " + Figures.bytes(report.missingBytes()) + ", and "
                + Figures.bytes(report.parityBytes()) + " of parity is there: ";
    }

    private static String verdict(HealthReport report) {
        boolean all = asked(report) == report.mirrors().size();
        String here = String.format(Locale.ROOT, "%s of %s of the data %s missing %s",
                Figures.count(report.missingArticles()),
                Figures.count(report.articles(), "article"),
                report.missingArticles() == 1 ? "is" : "are",
                all ? "everywhere" : "on all that could be asked");
        String slices = "; " + Figures.count(report.missingSlices()) + " of "
                + Figures.count(report.slices(), "slice") + " lost, "
                + Figures.count(report.recoverySlices(), "recovery slice") + ": ";
        return switch (report.verdict()) {
            case WHOLE -> "whole: nothing is missing; " + Figures.count(
                    report.recoverySlices(), "spare recovery slice");
            case RECOVERABLE -> here + slices + "recoverable, with "
                    + Figures.count(report.margin()) + " to spare";
            case NOT_RECOVERABLE -> here + (report.slices() > 0
                    ? slices + "not recoverable, " + Figures.count(-report.margin())
                            + (report.margin() == -1 ? " is" : " are") + " lacking"
                    : report.parityBytes() == 0 ? ", and there is no parity"
                            : amounts(report) + "not recoverable");
            case DAMAGED -> here + amounts(report) + "most likely recoverable (only parity itself"
                    + " tells how large slices are)";
            case UNKNOWN -> asked(report) == 0 ? "no mirror could be asked"
                    : here + (report.slices() > 0 ? slices : ": ")
                            + "not recoverable from these, and "
                            + Figures.count(report.mirrors().size() - asked(report), "mirror")
                            + " could not be asked";
        };
    }
}

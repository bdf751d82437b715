package net.spillway.tools.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import net.spillway.conf.ByteSize;
import net.spillway.conf.RelayConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.DamagedRecord;
import net.spillway.spool.SpoolCheck;
import net.spillway.spool.SpoolLockedException;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.Progress;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway spool check}, and {@code spillway spool scrub}, the same at leisure. */
@Command(
        name = "check",
        description = {"Compute every checksum of a spool again, as fast as the disk reads.",
            "Also works while the relay runs. In a stopped relay's spool damaged articles are taken"
                + " out of service, so that peers bring them again; a running relay does that by"
                + " itself, as it reads all segments slowly and without end.",
            "Ends with 1 if anything is damaged whose article has not come again."})
class SpoolCheckCommand implements Callable<Integer>, OutputOptions.Has {
    @Mixin private SpoolCommand.Place place;
    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Option(names = "--rate", paramLabel = "SIZE",
            description = "Read that much a second at most, such as 8M. Default: no limit for"
                    + " check, 8M for scrub.")
    private ByteSize rate;

    @Option(names = "--only-report",
            description = "Take nothing out of service, also if the relay is stopped.")
    private boolean onlyReport;

    /** {@code spillway spool scrub}. */
    @Command(
            name = "scrub",
            description = {"Compute every checksum of a spool again, slowly, so that nobody who"
                + " uses the disk is held up.",
                "A running relay does that by itself, without end. Otherwise as check.",
                "Ends with 1 if anything is damaged whose article has not come again."})
    static final class Scrub extends SpoolCheckCommand {
        @Override
        ByteSize usualRate() {
            return new ByteSize(8 << 20);
        }
    }

    /** Octets a second; 0: no limit. */
    ByteSize usualRate() {
        return new ByteSize(0);
    }

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() throws IOException {
        RelayConfig config = place.config();
        long start = System.nanoTime();
        long perSecond = (rate == null ? usualRate() : rate).bytes();
        String name = spec.qualifiedName() + ": ";
        SpoolCheck.Report report;
        try (TerminalProgress progress = output.progress();
                Progress.Task task = progress.start("checking", 0, Progress.Unit.BYTES)) {
            report = SpoolCheck.check(config.spool(), perSecond, (articles, bytes, total) -> {
                task.total(total);
                task.at(bytes);
                task.detail(articles == 0 ? "" : Figures.count(articles, "article"));
            });
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Outcome outcome = takeOut(config, report);
        for (DamagedRecord damaged : report.damage()) {
            spec.commandLine().getErr().println(name + damaged);
        }
        if (!report.damage().isEmpty()) {
            spec.commandLine().getErr().println(name + outcome.text());
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("segments", report.segments());
        result.put("articles", report.articles());
        result.put("bytes", report.bytes());
        result.put("milliseconds", took.toMillis());
        result.put("damaged", report.damage().stream().map(SpoolCheckCommand::map).toList());
        result.put("healed", report.healed().stream().map(SpoolCheckCommand::map).toList());
        result.put("takenOut", outcome.articles());
        return output.print(spec.commandLine().getOut(),
                report.damage().isEmpty() ? ExitCode.DONE : ExitCode.FAILED, result,
                Figures.count(report.articles(), "article") + " in "
                        + Figures.count(report.segments(), "segment") + ", "
                        + Figures.bytes(report.bytes()) + " at "
                        + Figures.rate(report.bytes(), took) + ": "
                        + verdict(report));
    }

    private static String verdict(SpoolCheck.Report report) {
        String healed = report.healed().isEmpty() ? "" : Figures.count(report.healed().size(),
                "damaged place") + (report.healed().size() == 1 ? ", whose article is"
                : ", whose articles are") + " here again";
        String bad = report.damage().isEmpty() ? ""
                : Figures.count(report.damage().size(), "damaged place");
        return report.places().isEmpty() ? "all whole"
                : bad.isEmpty() ? healed : healed.isEmpty() ? bad : bad + ", and " + healed;
    }

    private record Outcome(int articles, String text) {}

    private Outcome takeOut(RelayConfig config, SpoolCheck.Report report) throws IOException {
        if (report.places().isEmpty() || onlyReport) {
            return new Outcome(0, "nothing was changed");
        }
        try {
            int taken = SpoolCheck.takeOut(config.spool(), config.identity(), report.places());
            return taken == 0 ? new Outcome(0, "none of what is damaged was in service any more")
                    : new Outcome(taken, Figures.count(taken, "article") + " taken out of service;"
                    + " peers that have them can send them again");
        } catch (SpoolLockedException e) {
            return new Outcome(0, "the relay runs, and takes out what is damaged when it comes"
                    + " across it; to do it now, stop the relay and check again");
        }
    }

    private static Map<String, Object> map(DamagedRecord damaged) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("segment", damaged.segment().toString());
        map.put("offset", damaged.offset());
        map.put("id", damaged.id().map(MessageId::value).orElse(""));
        map.put("what", damaged.what());
        return map;
    }
}

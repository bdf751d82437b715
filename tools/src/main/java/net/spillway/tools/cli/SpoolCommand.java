package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.RelayConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.ClassFolders;
import net.spillway.spool.ExpiryReport;
import net.spillway.spool.Spool;
import net.spillway.spool.SpoolExpiry;
import net.spillway.spool.SpoolLockedException;
import net.spillway.spool.SpoolRebuild;
import net.spillway.spool.SpoolStats;
import net.spillway.spool.StorageStats;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.Progress;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway spool}: work on a relay's articles. */
@Command(
        name = "spool",
        description = "Check, look at or change the articles of a relay.",
        subcommands = {
            SpoolCommand.Expire.class, SpoolForgetCommand.class, SpoolCommand.Remove.class,
            SpoolCheckCommand.class,
            SpoolCheckCommand.Scrub.class, SpoolCommand.Rebuild.class,
            SpoolCommand.Stats.class
        })
final class SpoolCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "Say what to do with it: check, expire, forget, rebuild, remove, scrub or stats");
    }

    /** Mixin: whose spool. */
    static final class Place {
        @ArgGroup(multiplicity = "1")
        private Which which;

        private static final class Which {
            @Option(names = "--data", paramLabel = "DIR", required = true,
                    description = "The relay's data folder; --config if there are storage"
                            + " classes in other folders.")
            private Path data;

            @Option(names = "--config", paramLabel = "FILE", required = true,
                    description = "The relay's configuration, which names the folder.")
            private Path config;
        }

        /** The relay's configuration; its spool must exist, since nothing is made by looking. */
        RelayConfig config() {
            RelayConfig config = which.config != null ? ConfigCommand.load(which.config)
                    : ConfigLoader.embedded(which.data, ConfigLoader.DEFAULT_LISTEN);
            if (!Files.isDirectory(config.spool().dir())) {
                throw new CommandFailure(ExitCode.USAGE,
                        config.spool().dir() + ": there is no spool here.");
            }
            if (which.config == null) {
                requireOneClass(config.spool().dir());
            }
            return config;
        }

        /** The default class alone would be taken for all there is. */
        private static void requireOneClass(Path spool) {
            try {
                List<String> others = ClassFolders.of(spool);
                if (!others.isEmpty()) {
                    throw new CommandFailure(ExitCode.USAGE, spool + ": this spool has storage"
                            + " classes in other folders ("
                            + Terminal.safe(String.join(", ", others)) + "). Say --config FILE"
                            + " instead of --data, with the configuration that names them.");
                }
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.FAILED, spool + " cannot be read: " + e, e);
            }
        }

        /** @param advice what to do if a relay has it open, as the end of a sentence */
        Spool open(String advice) throws IOException {
            RelayConfig config = config();
            try {
                return Spool.open(config.spool(), config.identity(), Clock.systemUTC());
            } catch (SpoolLockedException e) {
                throw inUse(e, advice);
            }
        }
    }

    static CommandFailure inUse(SpoolLockedException e, String advice) {
        return new CommandFailure(ExitCode.TEMPORARY, e.inUse() + "; " + advice, e);
    }

    /** {@code spillway spool expire}. */
    @Command(
            name = "expire",
            description = "Drop what is older or more than the configuration lets the relay keep."
                    + " A running relay does that by itself every minute.")
    static final class Expire implements Callable<Integer>, OutputOptions.Has {
        private static final DateTimeFormatter TIME = DateTimeFormatter
                .ofPattern("yyyy-MM-dd HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

        @Mixin private Place place;

        @Option(names = "--dry-run",
                description = "Only say what would be dropped now; the relay may be running.")
        private boolean dryRun;

        @Mixin private OutputOptions output;
        @Spec private CommandSpec spec;

        @Override
        public OutputOptions output() {
            return output;
        }

        @Override
        public Integer call() throws IOException {
            Instant now = Instant.now();
            ExpiryReport report = dryRun ? SpoolExpiry.plan(place.config().spool(), now)
                    : expire(now);
            return output.print(spec.commandLine().getOut(), ExitCode.DONE, report,
                    describe(report, dryRun));
        }

        private ExpiryReport expire(Instant now) throws IOException {
            try (TerminalProgress progress = output.progress();
                    Spool spool = place.open("a running relay drops by itself what is due, every"
                            + " minute, and --dry-run tells what that would be")) {
                return spool.expire(now);
            }
        }

        /** A line for all, then one for each storage class. */
        static String describe(ExpiryReport report, boolean dryRun) {
            StringBuilder text = new StringBuilder(dryRun ? "would drop " : "dropped ");
            text.append(amount(report.segments(), report.articles(), report.bytes()))
                    .append("; left: ").append(Figures.bytes(report.kept()));
            int width = report.storage().stream().mapToInt(s -> s.storage().length()).max()
                    .orElse(0);
            for (ExpiryReport.Share share : report.storage()) {
                text.append(System.lineSeparator()).append(String.format("  %-" + width + "s  ",
                        share.storage()));
                text.append(!share.trouble().isEmpty() ? Terminal.safe(share.trouble())
                        : amount(share.segments(), share.articles(), share.bytes()) + "; left: "
                                + Figures.bytes(share.kept()) + share.horizon()
                                .map(oldest -> ", from " + TIME.format(oldest) + " on")
                                .orElse(""));
            }
            return text.toString();
        }

        private static String amount(int segments, long articles, long bytes) {
            return segments == 0 ? "nothing" : Figures.count(segments, "segment") + " with "
                    + Figures.count(articles, "article") + ", " + Figures.bytes(bytes);
        }
    }

    /** {@code spillway spool remove}. */
    @Command(
            name = "remove",
            description = "Remove articles. The relay remembers that it had them, so that its peers"
                    + " do not bring them back.")
    static final class Remove implements Callable<Integer>, OutputOptions.Has {
        @Mixin private Place place;

        @ArgGroup(multiplicity = "1")
        private Ids ids;

        @Mixin private OutputOptions output;
        @Spec private CommandSpec spec;

        private static final class Ids {
            @Option(names = "--ids", paramLabel = "FILE", required = true,
                    description = "A file of message-IDs, one a line; # begins a comment line.")
            private Path file;

            @Parameters(arity = "1..*", paramLabel = "MESSAGE-ID",
                    description = "The articles, with or without <>.")
            private List<String> given;
        }

        @Override
        public OutputOptions output() {
            return output;
        }

        @Override
        public Integer call() throws IOException {
            Set<MessageId> wanted = ids();
            List<MessageId> absent = new ArrayList<>();
            try (TerminalProgress progress = output.progress();
                    Spool spool = place.open("stop that relay first");
                    Progress.Task task = progress.start(
                            "removing", wanted.size(), Progress.Unit.ARTICLES)) {
                for (MessageId id : wanted) {
                    if (!spool.remove(id)) {
                        absent.add(id);
                    }
                    task.advance(1);
                }
            }
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("removed", wanted.size() - absent.size());
            result.put("absent", absent.stream().map(MessageId::value).toList());
            ExitCode end = absent.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
            absent.forEach(id -> spec.commandLine().getErr().println(
                    "spillway spool remove: not here: " + id.value()));
            return output.print(spec.commandLine().getOut(), end, result,
                    "removed " + Figures.count(wanted.size() - absent.size(), "article"));
        }

        private Set<MessageId> ids() throws IOException {
            Set<MessageId> found = new LinkedHashSet<>();
            if (ids.file != null && !Files.isRegularFile(ids.file)) {
                throw new CommandFailure(
                        ExitCode.USAGE, "--ids " + ids.file + ": there is no such file");
            }
            List<String> lines = ids.file == null ? ids.given : Files.readAllLines(ids.file);
            for (int i = 0; i < lines.size(); i++) {
                String text = lines.get(i).strip();
                if (!text.isEmpty() && !text.startsWith("#")) {
                    String where = ids.file == null ? "" : ids.file + ":" + (i + 1) + ": ";
                    found.add(MessageId.parse(text.startsWith("<") ? text : "<" + text + ">")
                            .orElseThrow(() -> new CommandFailure(ExitCode.USAGE,
                                    where + "\"" + text + "\" is not a message-ID; nothing was"
                                            + " removed.")));
                }
            }
            return found;
        }
    }

    /** {@code spillway spool rebuild}. */
    @Command(
            name = "rebuild",
            description = {"Make the index anew from the segments, which hold everything it needs."
                    + " Every article is checked; what is damaged is not known any more, so that"
                    + " peers bring it again, and what was lost and is back is served again.",
                    "Ends with 1 if anything is damaged."})
    static final class Rebuild implements Callable<Integer>, OutputOptions.Has {
        @Mixin private Place place;

        @Option(names = "--adopt",
                description = "Go on with what is in the storage classes' folders if the data"
                        + " folder has lost all segments for good. Its disk must not come back"
                        + " afterwards: numbers would be given twice.")
        private boolean adopt;

        @Mixin private OutputOptions output;
        @Spec private CommandSpec spec;

        @Override
        public OutputOptions output() {
            return output;
        }

        @Override
        public Integer call() throws IOException {
            long[] seen = new long[2];
            RelayConfig config = place.config();
            List<String> damage;
            try (TerminalProgress progress = output.progress();
                    Progress.Task task = progress.start("rebuilding", 0, Progress.Unit.BYTES)) {
                damage = SpoolRebuild.rebuild(config.spool(), adopt, (articles, bytes, total) -> {
                    task.total(total);
                    task.at(bytes);
                    task.detail(articles == 0 ? "" : Figures.count(articles, "article"));
                    seen[0] = articles;
                    seen[1] = bytes;
                });
            } catch (SpoolLockedException e) {
                throw inUse(e, "stop that relay first");
            }
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("articles", seen[0]);
            result.put("bytes", seen[1]);
            result.put("damaged", damage);
            damage.forEach(place -> spec.commandLine().getErr().println(
                    "spillway spool rebuild: " + Terminal.safe(place)));
            return output.print(spec.commandLine().getOut(),
                    damage.isEmpty() ? ExitCode.DONE : ExitCode.FAILED, result,
                    "rebuilt the index of " + Figures.count(seen[0], "article") + " from "
                            + Figures.bytes(seen[1]) + " of segments" + (damage.isEmpty() ? ""
                            : "; " + Figures.count(damage.size(), "damaged place")));
        }
    }

    /** {@code spillway spool stats}. */
    @Command(name = "stats", description = "Print the figures of a stopped relay's spool; of a"
            + " running one 'spillway status --on HOST:PORT' prints them.")
    static final class Stats implements Callable<Integer>, OutputOptions.Has {
        @Mixin private Place place;
        @Mixin private OutputOptions output;
        @Spec private CommandSpec spec;

        @Override
        public OutputOptions output() {
            return output;
        }

        @Override
        public Integer call() throws IOException {
            SpoolStats stats;
            try (Spool spool = place.open("'spillway status --on HOST:PORT' asks a running relay"
                    + " for its figures")) {
                stats = spool.stats();
            }
            return output.print(spec.commandLine().getOut(), ExitCode.DONE, stats, describe(stats));
        }

        private static String describe(SpoolStats stats) {
            StringBuilder text = new StringBuilder(String.format(
                    "articles     %s in %s%nsegments     %s, %s%nhistory      %s%n"
                            + "log          ends at number %s",
                    Figures.count(stats.articles()), Figures.count(stats.groups(), "group"),
                    Figures.count(stats.segments()), Figures.bytes(stats.bytes()),
                    Figures.count(stats.historyEntries(), "message-ID"),
                    Figures.count(stats.committed())));
            for (StorageStats storage : stats.storage()) {
                text.append(String.format("%nstorage      %s: %s of %s in %s%s", storage.name(),
                        Figures.bytes(storage.bytes()),
                        Figures.count(storage.articles(), "article"), storage.dir(),
                        storage.trouble().isEmpty() ? "" : "; " + storage.trouble()));
            }
            if (!stats.trouble().isEmpty()) {
                text.append(System.lineSeparator()).append("trouble      ")
                        .append(Terminal.safe(stats.trouble()));
            }
            stats.damage().forEach(place ->
                    text.append(System.lineSeparator()).append("damaged      ").append(place));
            return text.toString();
        }
    }
}

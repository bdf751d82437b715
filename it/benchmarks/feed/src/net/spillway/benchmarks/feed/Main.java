package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import net.spillway.benchmarks.relay.Disk;
import net.spillway.benchmarks.relay.Inn;
import net.spillway.benchmarks.relay.LoadGenerator;
import net.spillway.benchmarks.relay.Usage;
import net.spillway.benchmarks.relay.WorkFolder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads the command line, and gives each pair its turn. */
@Command(
        name = "it/benchmarks/feed/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures feeding from one relay to another, beside two innd with innfeed between, if"
                    + " Debian's inn2 is installed and this is run by root.",
            "Everything shares all processors but where a row says so. Every body is read at the"
                    + " second relay and compared; an article that does not arrive ends the run if"
                    + " the relay is ours.",
            "Needs Linux, bash, a C compiler and taskset."})
public final class Main implements Callable<Integer> {
    /** Latency is that of relays that have been at work. */
    private static final Row WARMING = Row.ALL.getFirst();

    @Option(names = "--quick", description =
            "A twentieth of everything: shows that all of it works, not how fast it is.")
    private boolean quick;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "1", description =
            "How often each pair is started afresh and measured (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--rows", split = ",", paramLabel = "NAME", description =
            "Only these of 2K, 64K and 700K.")
    private List<String> wanted = List.of("2K", "64K", "700K");

    @Option(names = "--only", paramLabel = "NAME", description = "Only spillway, or only inn.")
    private String only = "";

    @Option(names = "--folder", paramLabel = "DIR", description = {
        "Where spools are, in a folder that is removed at the end (the system's own for",
        "temporary files). Up to 6 GB; /dev/shm leaves the disk out of it."})
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--java", paramLabel = "OPTIONS", defaultValue = "",
            description = "For the JVMs of our relays (none).")
    private String java;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "300",
            description = "Articles whose latency is measured (${DEFAULT-VALUE}).")
    private int samples;

    private final Map<String, Result> best = new HashMap<>();

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((e, commandLine, parsed) -> {
            System.err.println(e.getMessage() == null ? e : e.getMessage());
            return 1;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path root = Path.of(System.getProperty("benchmark.root"));
        Path work = WorkFolder.make(folder, "fb");
        var generator = LoadGenerator.compile(root.resolve("it/benchmarks/relay/nntpload.c"),
                work, "0-" + (Runtime.getRuntime().availableProcessors() - 1));
        List<Pair> pairs = pairs(root);
        System.out.printf("%s; load %s%n", Instant.now().truncatedTo(ChronoUnit.MINUTES),
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        for (Pair pair : pairs) {
            System.out.println(pair.description());
        }
        Disk disk = Disk.measure(work);
        System.out.printf("disk under %s: %.0f fsyncs/s of 4 KiB, %.0f MB/s in pieces of 8 MiB, so"
                + " %.0f MB/s for two copies%n", folder, disk.small(), disk.large(),
                disk.large() / 2);
        System.out.println("warm-up before each live row, not measured: " + Row.ALL.stream()
                .map(row -> "%s %,d".formatted(row.name(), row.warmUp()))
                .collect(Collectors.joining("; ")) + System.lineSeparator());
        System.out.println("| | pair | per s | MB/s | feeder us | taker us | behind s | rate : inn |"
                + " of disk for two |");
        System.out.println("|---|---|---:|---:|---:|---:|---:|---:|---:|");
        for (int round = 0; round < rounds; round++) {
            for (Pair pair : pairs) {
                measure(pair, generator, work.resolve(pair.name().charAt(0) + "" + round), disk);
            }
        }
        return 0;
    }

    private List<Pair> pairs(Path root) {
        List<Pair> pairs = new ArrayList<>();
        if (!only.equals("spillway")) {
            if (Inn.isThere()) {
                pairs.add(new InnPair(quick ? 64 : 1024));
            } else {
                System.out.println("inn takes no part: inn2 is not installed, or you are not root");
            }
        }
        if (!only.equals("inn")) {
            pairs.add(new SpillwayPair(root, java));
        }
        return pairs;
    }

    private void measure(Pair pair, LoadGenerator generator, Path place, Disk disk)
            throws IOException, InterruptedException {
        Files.createDirectories(place);
        try (Both both = pair.start(place)) {
            Course course = new Course(both, generator);
            for (Row whole : Row.ALL) {
                if (!wanted.contains(whole.name())) {
                    continue;
                }
                Row row = quick ? whole.scaled(0.05) : whole;
                try {
                    print(row.name(), pair, course.live(row), disk);
                    if (both.hold() != Both.Hold.NONE) {
                        print(row.name() + " held", pair, course.held(row), disk);
                    }
                } catch (Course.Stranded e) {
                    if (pair instanceof SpillwayPair) {
                        throw e;
                    }
                    System.out.printf("| %s | %s | %s |%n", row.name(), pair.name(),
                            e.getMessage());
                }
            }
            if (!wanted.contains(WARMING.name())) {
                course.warmUp(quick ? WARMING.scaled(0.05) : WARMING);
            }
            Usage.awaitQuiet(both.feeder().process());
            Usage.awaitQuiet(both.taker().process());
            Latency latency = Latency.measure(both, quick ? samples / 10 : samples);
            System.out.printf("| latency 2K | %s | median %.2f ms, p99 %.2f ms |%n", pair.name(),
                    latency.median(), latency.p99());
            if (pair instanceof SpillwayPair ours) {
                hostile(ours).together(both);
            }
        } finally {
            WorkFolder.delete(place);
        }
        if (pair instanceof SpillwayPair ours) {
            try {
                hostile(ours).apart(place.resolve("c"));
            } finally {
                WorkFolder.delete(place);
            }
        }
    }

    private Hostile hostile(SpillwayPair ours) {
        return new Hostile(ours, (quick ? samples / 10 : samples) * 3);
    }

    private void print(String row, Pair pair, Result result, Disk disk) {
        best.merge(pair.name() + " " + row, result, (a, b) -> a.rate() > b.rate() ? a : b);
        Result inn = best.get("inn " + row.replace(" held", ""));
        System.out.printf("| %s | %s | %,.0f | %.0f | %.1f | %.1f | %.2f | %s | %.0f %% |%n", row,
                pair.name(), result.rate(), result.megabytes(), result.feederCpu(),
                result.takerCpu(), result.behind(),
                inn == null || pair.name().equals("inn") ? ""
                        : "%.2f".formatted(result.rate() / inn.rate()),
                100 * result.megabytes() / (disk.large() / 2));
    }
}

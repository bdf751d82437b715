package net.spillway.benchmarks.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads the command line, and gives each server its turn. */
@Command(
        name = "it/benchmarks/relay/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures our relay beside INN, if Debian's inn2 is installed and this is run by root:"
                    + " the same load generator, the same articles, in turn, on this machine.",
            "Every reply and every octet of every body is checked; a difference ends the run.",
            "Needs Linux, bash, a C compiler and taskset."})
public final class Main implements Callable<Integer> {
    @Option(names = "--quick", description =
            "A twentieth of everything: shows that all of it works, not how fast it is.")
    private boolean quick;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "1", description =
            "How often each server is started afresh and measured (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--rows", split = ",", paramLabel = "TEXT", description =
            "Only rows whose name contains one of these (besides the table's: TLS, connections);"
                    + " what they read is brought all the same.")
    private List<String> wanted = List.of("");

    @Option(names = "--only", paramLabel = "NAME", description = "Only spillway, or only inn.")
    private String only = "";

    @Option(names = "--folder", paramLabel = "DIR", description = {
        "Where spools are, in a folder that is removed at the end (the system's own for",
        "temporary files). Up to 8 GB; /dev/shm leaves the disk out of it."})
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--fsync", paramLabel = "MODE", defaultValue = "group",
            description = "Ours (${DEFAULT-VALUE}); INN has none.")
    private String fsync;

    @Option(names = "--java", paramLabel = "OPTIONS", defaultValue = "-Xmx1g",
            description = "For the JVM of our relay (${DEFAULT-VALUE}).")
    private String java;

    @Option(names = "--server-cpus", paramLabel = "LIST", description =
            "Processors of the servers, as taskset has them (the first half).")
    private String serverCpus;

    @Option(names = "--client-cpus", paramLabel = "LIST", description =
            "Processors of the load generator (the second half).")
    private String clientCpus;

    private final Map<Row, Map<String, List<Result>>> results = new LinkedHashMap<>();

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
        chooseProcessors();
        Path root = Path.of(System.getProperty("benchmark.root"));
        Path work = WorkFolder.make(folder, "rb");
        var generator = LoadGenerator.compile(root.resolve("it/benchmarks/relay/nntpload.c"),
                work, clientCpus);
        List<Row> rows = rows();
        List<Server> servers = servers(root);
        System.out.printf("%s; servers on processors %s, load generator on %s; %s; load %s%n",
                model(), serverCpus, clientCpus, Instant.now().truncatedTo(ChronoUnit.MINUTES),
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        for (Server server : servers) {
            System.out.println(server.description());
        }
        Disk disk = Disk.measure(work);
        System.out.printf("disk under %s: %.0f fsyncs/s of 4 KiB, %.0f MB/s in pieces of 8 MiB%n",
                folder, disk.small(), disk.large());
        for (int round = 0; round < rounds; round++) {
            for (Server server : servers) {
                measure(server, rows, generator, work.resolve(server.name() + round));
            }
        }
        System.out.println();
        System.out.println(Table.of(rows, results, disk));
        warmUps(rows);
        return 0;
    }

    private void measure(Server server, List<Row> rows, LoadGenerator generator, Path place)
            throws IOException, InterruptedException {
        Files.createDirectories(place);
        int port = Port.free();
        try (Server.Running running = server.start(place, port, serverCpus)) {
            for (Row row : rows) {
                measure(server, running, row, generator, port, place);
            }
            if (server instanceof Spillway ours) {
                measureMore(ours, running, rows, port);
            }
        } finally {
            WorkFolder.delete(place);
        }
    }

    /** What INN is not asked: TLS, and many connections, for each of which it forks. */
    private void measureMore(Spillway ours, Server.Running running, List<Row> rows, int port)
            throws IOException, InterruptedException {
        for (Row row : rows) {
            if (isWanted("TLS") && row.name().equals("TAKETHIS 700K")) {
                TlsReading.measure(running.process(), ours.tlsPort(), row.count(), quick ? 1 : 4,
                        clientCpus);
            }
        }
        if (isWanted("connections")) {
            try {
                new Crowd(port, quick ? 2 : 10).measure(quick ? 0.05 : 1);
            } catch (Exception e) {
                throw new IOException("many connections: " + e.getMessage(), e);
            }
        }
    }

    private boolean isWanted(String name) {
        return wanted.stream().anyMatch(name::contains);
    }

    private void measure(Server server, Server.Running running, Row whole, LoadGenerator generator,
            int port, Path place) throws IOException, InterruptedException {
        Row row = server instanceof Inn ? whole.forInn() : whole;
        String from = row.isPeers() ? running.peer() : "127.0.0.1";
        if (row.warmUp() > 0) {
            for (List<String> arguments : row.warmUpArguments()) {
                generator.run(arguments, port, from);
            }
        }
        Usage.awaitQuiet(running.process());
        double limit = server instanceof Spillway ? limit(row, place) : 0;
        Usage before = Usage.of(running.process());
        LoadGenerator.Told told = generator.run(row.arguments(), port, from);
        Usage.awaitQuiet(running.process());
        double cpu = Usage.of(running.process()).cpu() - before.cpu();
        if (limit > 0) { // It may be another a moment later.
            limit = (limit + limit(row, place)) / 2;
            System.out.printf("disk before and after %s: %,.0f articles/s, %d of them with each"
                    + " fsync%n", row.name(), limit, row.halfUnderWay());
        }
        Result result = Result.of(told, cpu, Usage.memory(running.process()), limit);
        System.out.printf("%-22s %-9s %,10.0f/s %6.0f MB/s %8.1f us %6.2f s/GB %5d MiB%n",
                row.name(), server.name(), result.rate(), result.megabytes(), result.cpuMicros(),
                result.cpuPerGb(), result.memory() >> 20);
        results.computeIfAbsent(whole, r -> new LinkedHashMap<>())
                .computeIfAbsent(server.name(), s -> new ArrayList<>()).add(result);
    }

    /** How many articles a second the disk could take if nothing else took time; 0 if not asked. */
    private static double limit(Row row, Path place) throws IOException {
        int half = row.halfUnderWay();
        return half == 0 ? 0 : half * Disk.overwrites(place, half * row.size());
    }

    /** Those wanted, and those that bring what these read. */
    private List<Row> rows() {
        List<Row> chosen = Row.ALL.stream()
                .filter(row -> isWanted(row.name())).toList();
        return Row.ALL.stream()
                .filter(row -> chosen.contains(row)
                        || row.name().equals("TAKETHIS 700K") && isWanted("TLS")
                        || row.mode().equals("takethis") && row.source() == Row.Source.OWN
                        && chosen.stream().anyMatch(reader -> reader.size() == row.size()
                                && reader.source() == Row.Source.FED))
                .map(row -> quick ? row.scaled(0.05) : row).toList();
    }

    private List<Server> servers(Path root) throws IOException {
        List<Server> servers = new ArrayList<>();
        if (!only.equals("inn")) {
            servers.add(new Spillway(root, fsync, java, Port.free()));
        }
        if (!only.equals("spillway") && Inn.isThere()) {
            servers.add(new Inn(2048));
        }
        return servers;
    }

    private void chooseProcessors() throws IOException {
        int all = Runtime.getRuntime().availableProcessors();
        int half = Math.max(1, all / 2);
        serverCpus = serverCpus != null ? serverCpus : half == 1 ? "0" : "0-" + (half - 1);
        clientCpus = clientCpus != null ? clientCpus
                : all == 1 ? "0" : half == all - 1 ? "" + half : half + "-" + (all - 1);
    }

    private static String model() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown processor");
        }
    }

    private static void warmUps(List<Row> rows) {
        System.out.print("Warm-up before each row, not measured:");
        for (Row row : rows) {
            System.out.printf(" %s %,d%s;", row.name(), row.warmUp(),
                    row.source() == Row.Source.FED ? " rounds" : "");
        }
        System.out.println();
    }
}

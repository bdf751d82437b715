package net.spillway.benchmarks.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** What can be said on the command line, and what follows from it. */
final class Options {
    private static final double CALM = 0.05;

    @Option(names = "--quick", description =
            "Small workloads in one round: shows that all of it works, not how fast it is.")
    private boolean quick;

    @Option(names = "--workload", split = ",", paramLabel = "NAME",
            description = "Only these: r100, r200, r800, r3276, small, big.")
    private List<String> workloads = List.of();

    @Option(names = "--operation", split = ",", paramLabel = "NAME",
            description = "Only these: create, verify, repair.")
    private List<Operation> operations = List.of(Operation.values());

    @Option(names = "--threads", split = ",", paramLabel = "N", description =
            "Numbers of threads, each pinned to as many processors (1,2).")
    private List<Integer> threads = List.of(1, 2);

    @Option(names = "--rounds", paramLabel = "N", description =
            "How often each program has its turn (5; 1 with --quick).")
    private Integer rounds;

    @Option(names = "--warm-ups", paramLabel = "N", defaultValue = "3", description =
            "Runs of the warm library before the first round (${DEFAULT-VALUE}).")
    private int warmUps;

    @Option(names = "--folder", paramLabel = "DIR", defaultValue = "/dev/shm", description = {
        "Where files are put, in a folder that is removed at the end (${DEFAULT-VALUE}).",
        "It needs three and a half times a workload's bytes, in memory."})
    private Path folder;

    @Option(names = "--par2", paramLabel = "FILE", defaultValue = "par2",
            description = "par2cmdline, as in Debian.")
    private String par2;

    @Option(names = "--turbo", paramLabel = "FILE", defaultValue = "par2-turbo",
            description = "par2cmdline-turbo.")
    private String turbo;

    @Option(names = "--parpar", paramLabel = "FILE", defaultValue = "parpar",
            description = "ParPar.")
    private String parpar;

    @Option(names = "--without", split = ",", paramLabel = "NAME", description =
            "Leave these out: par2, turbo, parpar, cold, warm.")
    private List<String> without = List.of();

    @Option(names = "--java", split = " ", paramLabel = "OPTIONS",
            description = "Options for the JVM of the warm library, such as -Xmx2g.")
    private List<String> java = List.of();

    @Option(names = "--await-calm", paramLabel = "SECONDS", defaultValue = "0", description = {
        "Before each run, wait at most so long until others use less than 5 %% of the",
        "processors (${DEFAULT-VALUE})."})
    private int patience;

    List<Workload> workloads() {
        List<Workload> offered = quick ? Workload.QUICK : Workload.FULL;
        if (workloads.isEmpty()) {
            return offered;
        }
        List<Workload> chosen =
                offered.stream().filter(w -> workloads.contains(w.name())).toList();
        if (chosen.size() != workloads.size()) {
            throw new IllegalArgumentException("workloads are "
                    + String.join(", ", offered.stream().map(Workload::name).toList()));
        }
        return chosen;
    }

    List<Operation> operations() {
        return operations;
    }

    List<Integer> threads() {
        return threads;
    }

    int rounds() {
        return rounds != null ? rounds : quick ? 1 : 5;
    }

    int warmUps() {
        return warmUps;
    }

    Path folder() {
        return folder;
    }

    /** The last so many of the processors: the first one has the machine's errands to do. */
    List<Integer> processors(int count) throws IOException {
        List<Integer> allowed = Processors.allowed();
        if (count < 1 || count > allowed.size()) {
            throw new IllegalArgumentException(
                    count + " threads on " + allowed.size() + " processors");
        }
        return allowed.subList(allowed.size() - count, allowed.size());
    }

    /** Waits until nobody else needs the processors, or patience is at its end. */
    void awaitCalm(List<Integer> processors) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(patience);
        while (System.nanoTime() < end && Processors.load(processors) > CALM) {
            // Measuring the load takes its time.
        }
    }

    /** Who takes part: the peers that are there, and Spillway. */
    List<Contender> contenders(Path root) {
        List<Contender> taking = new ArrayList<>();
        addPeer(taking, "turbo", "par2-turbo", turbo, Peer.Kind.TURBO);
        addPeer(taking, "parpar", "parpar", parpar, Peer.Kind.PARPAR);
        addPeer(taking, "par2", "par2", par2, Peer.Kind.PAR2CMDLINE);
        addPeer(taking, "cold", "spillway", root.resolve("tools/bin/spillway").toString(),
                Peer.Kind.SPILLWAY);
        if (!without.contains("warm")) {
            taking.add(new Warm(root.resolve("it/benchmarks/parity/src")
                    .resolve(WarmServer.class.getName().replace('.', '/') + ".java"), java));
        }
        return List.copyOf(taking);
    }

    private void addPeer(
            List<Contender> taking, String option, String name, String program, Peer.Kind kind) {
        if (!without.contains(option)) {
            found(program).ifPresent(p -> taking.add(new Peer(name, p, kind)));
        }
    }

    private static Optional<String> found(String program) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program).toAbsolutePath().toString())
                    .filter(p -> Files.isExecutable(Path.of(p)));
        }
        for (String folder : System.getenv("PATH").split(":")) {
            Path file = Path.of(folder, program);
            if (Files.isExecutable(file)) {
                return Optional.of(file.toString());
            }
        }
        return Optional.empty();
    }
}

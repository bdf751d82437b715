package net.spillway.benchmarks.parity;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One workload: its files, a set of Spillway's for them that other programs have verified, and the
 * contenders' turns. In every round each has one turn per job, and who begins changes.
 */
final class Course implements AutoCloseable {
    private final Workload workload;
    private final Options options;
    private final List<Contender> contenders;
    private final Path folder;
    private final Path data;
    private final Path set;
    private final List<Path> files;
    private SortedMap<Integer, String> expected;

    Course(Workload workload, Options options, List<Contender> contenders)
            throws IOException, InterruptedException {
        this.workload = workload;
        this.options = options;
        this.contenders = contenders;
        folder = Files.createTempDirectory(options.folder(), "parity-benchmark");
        data = folder.resolve("data");
        set = Files.createDirectory(folder.resolve("set")).resolve("set.par2");
        Runtime.getRuntime().addShutdownHook(new Thread(this::abandon));
        try {
            files = workload.makeFiles(data);
            makeSet();
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The set that is verified and repaired: ours, if the others find it good. */
    private void makeSet() throws IOException, InterruptedException {
        List<Integer> all = options.processors(1);
        Job create = new Job(Operation.CREATE, workload, data, files, set, all);
        // Somebody has to make the set that is verified and repaired.
        peer(Peer.Kind.SPILLWAY)
                .or(() -> contenders.stream().filter(c -> c instanceof Peer).findFirst())
                .orElseThrow(() -> new IllegalArgumentException(
                        "a program is needed besides the warm library"))
                .run(create);
        expected = Recovery.packets(set.getParent());
        if (expected.size() != workload.recovery()) {
            throw new IOException("the set has " + expected.size() + " recovery packets");
        }
        Job verify = new Job(Operation.VERIFY, workload, data, files, set, all);
        for (Peer.Kind judge : List.of(Peer.Kind.TURBO, Peer.Kind.PAR2CMDLINE)) {
            Optional<Contender> peer = peer(judge);
            if (peer.isPresent()) {
                peer.get().run(verify);
                System.out.println(peer.get().name() + " verified spillway's set.");
            }
        }
    }

    private Optional<Contender> peer(Peer.Kind kind) {
        return contenders.stream()
                .filter(c -> c instanceof Peer p && p.kind() == kind)
                .findFirst();
    }

    /** Measures an operation on so many threads, and prints the table. */
    void measure(Operation operation, int threads) throws IOException, InterruptedException {
        List<Integer> processors = options.processors(threads);
        Job sample = new Job(operation, workload, data, files, set, processors);
        List<Contender> taking = contenders.stream().filter(c -> c.takesPart(sample)).toList();
        Map<String, List<Usage>> results = new LinkedHashMap<>();
        taking.forEach(c -> results.put(c.name(), new ArrayList<>()));
        warmUp(taking, operation, processors);
        for (int round = 0; round < options.rounds(); round++) {
            for (int i = 0; i < taking.size(); i++) {
                Contender contender = taking.get((round + i) % taking.size());
                if (round == 0 || !isSlow(contender)) {
                    options.awaitCalm(processors);
                    results.get(contender.name()).add(turn(contender, operation, processors));
                }
            }
        }
        for (Contender contender : taking) {
            contender.close();
        }
        System.out.printf("%n%s %s (%s); %d thread%s on processor %s; rounds: %d%n%n%s",
                operation.name().toLowerCase(Locale.ROOT), workload.name(), workload.describe(),
                threads, threads == 1 ? "" : "s", sample.processorList(), options.rounds(),
                new Table(results, taking.getFirst().name()).text());
        System.out.flush();
    }

    private void warmUp(List<Contender> taking, Operation operation, List<Integer> processors)
            throws IOException, InterruptedException {
        for (Contender contender : taking) {
            if (contender instanceof Warm warm) {
                warm.restart(processors);
                for (int i = 0; i < options.warmUps(); i++) {
                    turn(warm, operation, processors);
                }
            }
        }
    }

    /** One run of it is enough: it takes ten times as long. */
    private static boolean isSlow(Contender contender) {
        return contender instanceof Peer peer && peer.kind() == Peer.Kind.PAR2CMDLINE;
    }

    private Usage turn(Contender contender, Operation operation, List<Integer> processors)
            throws IOException, InterruptedException {
        Path place = Files.createDirectory(folder.resolve("turn"));
        try {
            return switch (operation) {
                case CREATE -> create(contender, processors, place);
                case VERIFY -> contender.run(
                        new Job(operation, workload, data, files, set, processors));
                case REPAIR -> repair(contender, processors, place);
            };
        } finally {
            delete(place);
        }
    }

    private Usage create(Contender contender, List<Integer> processors, Path place)
            throws IOException, InterruptedException {
        Path par2 = place.resolve("set.par2");
        Usage usage = contender.run(
                new Job(Operation.CREATE, workload, data, files, par2, processors));
        if (!Recovery.packets(place).equals(expected)) {
            throw new IOException(contender.name() + " made other recovery slices");
        }
        return usage;
    }

    private Usage repair(Contender contender, List<Integer> processors, Path place)
            throws IOException, InterruptedException {
        List<Path> copies = new ArrayList<>();
        for (Path file : files) {
            copies.add(Files.copy(file, place.resolve(file.getFileName())));
        }
        workload.damage(copies);
        Usage usage = contender.run(
                new Job(Operation.REPAIR, workload, place, copies, set, processors));
        for (int i = 0; i < files.size(); i++) {
            if (Files.mismatch(files.get(i), copies.get(i)) >= 0) {
                throw new IOException(contender.name() + " left damage in " + copies.get(i));
            }
        }
        return usage;
    }

    @Override
    public void close() throws IOException {
        delete(folder);
    }

    /** Leaves nothing behind, also if somebody interrupts. */
    private void abandon() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        try {
            delete(folder);
        } catch (IOException e) {
            System.err.println("left behind: " + folder);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e)
                    throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

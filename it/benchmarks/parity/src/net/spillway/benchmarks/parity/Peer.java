package net.spillway.benchmarks.parity;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A PAR2 program with a process for every job. */
record Peer(String name, String program, Kind kind) implements Contender {
    /** Beyond this many bytes times recovery slices the slow one is left out. */
    private static final long BEARABLE = 100L << 30;

    /** Whose command line it has. */
    enum Kind {
        PAR2CMDLINE, TURBO, PARPAR, SPILLWAY
    }

    @Override
    public boolean takesPart(Job job) {
        Workload w = job.workload();
        return switch (kind) {
            case PARPAR -> job.operation() == Operation.CREATE;
            case PAR2CMDLINE -> w.bytes() * w.recovery() <= BEARABLE
                    || job.operation() == Operation.VERIFY;
            default -> true;
        };
    }

    /** The first line of what it says of its version. */
    String version() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(program, "--version").redirectErrorStream(true);
        builder.environment().put("SPILLWAY_NO_BUILD", "1");
        Process process = builder.start();
        try (BufferedReader out = process.inputReader()) {
            return out.lines().toList().getFirst();
        }
    }

    @Override
    public Usage run(Job job) throws IOException, InterruptedException {
        return Measured.run(command(job), job.processors());
    }

    private List<String> command(Job job) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(kind == Kind.PARPAR ? parpar(job) : par2cmdline(job));
        if (job.operation() == Operation.CREATE) {
            job.files().forEach(file -> command.add(file.toString()));
        }
        return command;
    }

    private static List<String> parpar(Job job) {
        return List.of(
                "-q", "-t" + job.threads(), "-s" + job.workload().sliceSize() + "B",
                "-r" + job.workload().recovery(), "-dpow2", "-fbasename",
                "-o" + job.par2());
    }

    /** What Spillway has in common with the others. */
    private List<String> par2cmdline(Job job) {
        List<String> arguments = new ArrayList<>();
        if (kind == Kind.SPILLWAY) {
            arguments.add("par2");
        }
        arguments.add(job.operation().name().toLowerCase(Locale.ROOT));
        arguments.add("-q");
        if (kind != Kind.SPILLWAY || job.operation() != Operation.VERIFY) {
            arguments.add("-t" + job.threads());
        }
        if (kind == Kind.TURBO) {
            arguments.add("-T" + job.threads());
        }
        if (job.operation() == Operation.CREATE) {
            arguments.add("-s" + job.workload().sliceSize());
            arguments.add("-c" + job.workload().recovery());
        }
        arguments.add("-B");
        arguments.add(job.data().toString());
        arguments.add(job.par2().toString());
        return arguments;
    }
}

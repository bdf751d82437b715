package net.spillway.benchmarks.kernels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * JMH with a verdict. A kernel that C2 no longer inlines as a whole makes an object of every
 * vector, so what it allocates gives it away, whatever else the machine does meanwhile: a kernel
 * allocates nothing.
 */
public final class Main {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /** Names of benchmarks that must not allocate end so. */
    private static final String KERNELS = "KernelBenchmark";

    /** Bytes an operation: what JMH itself and rounding leave. */
    private static final double NOTHING = 16;

    /**
     * As the launcher has it: kernels are compiled after a few calls. Uncompiled ones are so slow
     * that iterations would end before there were enough calls.
     */
    private static final String[] EARLY =
            Stream.concat(
                    Stream.of("-XX:CompileCommand=quiet"),
                    Stream.of("TransformKernels", "VectorKernels", "VectorMd5", "Md5Rounds")
                            .map(kernels -> "net.spillway.fec.engine." + kernels + "::*,")
                            .flatMap(methods -> Stream.of(
                                    "-XX:CompileCommand=CompileThresholdScaling," + methods
                                            + "0.001",
                                    "-XX:CompileCommand=BackgroundCompilation," + methods
                                            + "false")))
                    .toArray(String[]::new);

    private Main() {}

    public static void main(String[] arguments)
            throws CommandLineOptionException, RunnerException {
        CommandLineOptions options = new CommandLineOptions(arguments);
        if (options.shouldHelp()) {
            showHelp(options);
            return;
        }
        ChainedOptionsBuilder all =
                new OptionsBuilder().parent(options).addProfiler(GCProfiler.class)
                        .shouldFailOnError(true);
        if (!options.getJvmArgsPrepend().hasValue()) {
            all.jvmArgsPrepend(EARLY);
        }
        Collection<RunResult> results = new Runner(all.build()).run();
        List<String> fallen = results.stream().filter(Main::hasFallen).map(Main::name).toList();
        if (!fallen.isEmpty()) {
            System.out.println("These kernels allocate: C2 has stopped inlining in them.");
            fallen.forEach(name -> System.out.println("  " + name));
            System.exit(1);
        }
        System.out.println("No kernel allocates: C2 inlines all of each.");
    }

    private static void showHelp(CommandLineOptions options) {
        try {
            options.showHelp();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasFallen(RunResult result) {
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        // In the first iterations compiling may still be under way.
        return name(result).contains(KERNELS) && allocated != null
                && allocated.getStatistics().getMin() > NOTHING;
    }

    private static String name(RunResult result) {
        return result.getParams().getBenchmark();
    }
}

package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM beside those that are measured, which goes on with something until it is ended.
 *
 * @param process is its own, so that its garbage collections halt nobody who measures
 */
record Other(Process process) implements AutoCloseable {
    private static final String BEGUN = "begun";

    /**
     * Starts a class; returns when it says that it has begun.
     *
     * @param prefix of its command line, such as taskset
     */
    static Other begin(Class<?> main, List<String> prefix, String argument) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC", "-Xmx256m", "-cp", System.getProperty("java.class.path"),
                main.getName(), argument));
        Other other = new Other(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
        try {
            byte[] said = other.process.getInputStream().readNBytes(BEGUN.length());
            if (!new String(said, StandardCharsets.US_ASCII).equals(BEGUN)) {
                throw new IOException(main.getSimpleName() + " did not begin");
            }
            return other;
        } catch (IOException e) {
            other.close();
            throw e;
        }
    }

    /** In that process: it goes on until it is ended, or nobody is there who began it. */
    static void begun() throws IOException {
        System.out.print(BEGUN);
        System.out.flush();
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }

    /** What it has used of processors since it began. */
    Duration used() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** It is over, and its connections are gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

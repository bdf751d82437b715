package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How much memory there is. Linux is asked by reading files, since the JDK's own beans take longer
 * to start than many a job; elsewhere the JVM's limit, by default a quarter of the machine's memory
 * or of its container's, stands for it.
 */
public final class MachineMemory {
    private static final int SHARE = 4;

    private MachineMemory() {}

    /** A quarter of the machine's memory, or of the container's, but no more than the JVM's. */
    public static long quarter() {
        return quarter(Path.of("/"), Runtime.getRuntime().maxMemory());
    }

    /** The same for a file system below {@code root}, and a JVM that may use {@code most} bytes. */
    static long quarter(Path root, long most) {
        OptionalLong least =
                Stream.of(
                                read(root.resolve("proc/meminfo"), "MemTotal:"),
                                read(root.resolve("sys/fs/cgroup/memory.max"), ""),
                                read(root.resolve("sys/fs/cgroup/memory/memory.limit_in_bytes"), ""))
                        .flatMapToLong(OptionalLong::stream)
                        .filter(bytes -> bytes > 0)
                        .min();
        return least.isPresent() ? Math.min(most, least.getAsLong() / SHARE) : most;
    }

    /** The number behind a word at the beginning of a file; kB if that is its unit. */
    private static OptionalLong read(Path file, String word) {
        try (Stream<String> lines = Files.lines(file)) {
            String first = lines.findFirst().orElse("");
            if (!first.startsWith(word)) {
                return OptionalLong.empty();
            }
            String[] parts = first.substring(word.length()).strip().split(" +");
            long number = Long.parseLong(parts[0]);
            return OptionalLong.of(parts.length > 1 && parts[1].equals("kB")
                    ? number * 1024 : number);
        } catch (IOException | RuntimeException e) {
            // Not Linux, no such limit ("max"), or not for us to read.
            return OptionalLong.empty();
        }
    }
}

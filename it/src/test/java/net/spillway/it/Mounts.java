package net.spillway.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * File systems that a test has mounted, the last of which goes first. However it ends, none is left
 * behind, nor a loop device, which goes with its file system. Safe for use by many threads.
 */
final class Mounts implements AutoCloseable {
    /** A file system is still in use for a moment after the program that used it is gone. */
    private static final Duration STILL_IN_USE = Duration.ofSeconds(20);
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Deque<Path> mounted = new ArrayDeque<>();
    private final Thread lastResort = new Thread(this::unmountAll);

    Mounts() {
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /**
     * Mounts a file system.
     *
     * @param arguments as mount(8) has them before the folder
     * @return false if the system does not let us
     */
    synchronized boolean mount(Path at, String... arguments) throws InterruptedException {
        boolean done = SystemCommand.run(Stream.of(List.of("mount"), List.of(arguments),
                List.of(at.toString())).flatMap(List::stream).toArray(String[]::new));
        if (done) {
            mounted.push(at);
        }
        return done;
    }

    /** Lets go of the one that was mounted last. */
    synchronized void unmountLast() throws InterruptedException {
        if (mounted.isEmpty()) {
            return;
        }
        String at = mounted.peek().toString();
        long deadline = System.nanoTime() + STILL_IN_USE.toNanos();
        Optional<String> problem = SystemCommand.problemOf("umount", at);
        while (problem.isPresent() && System.nanoTime() < deadline) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
            problem = SystemCommand.problemOf("umount", at);
        }
        mounted.pop();
        if (problem.isPresent()) {
            System.out.println(problem.get() + "; it goes with its last user");
            SystemCommand.run("umount", "--lazy", at);
        }
    }

    private void unmountAll() {
        boolean interrupted = false;
        while (isAnyMounted()) {
            try {
                unmountLast();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isAnyMounted() {
        return !mounted.isEmpty();
    }

    @Override
    public void close() {
        unmountAll();
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }
}

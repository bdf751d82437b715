package net.spillway.tools.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A temporary folder and the processes that work in it. Closing it ends the processes and, unless
 * it is to be kept, deletes the folder; so does the end of the JVM, by Ctrl-C for example.
 */
final class Workplace implements AutoCloseable {
    private final Path root;
    private final boolean keep;
    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final Thread atExit = new Thread(this::cleanUp, "demo clean-up");

    private Workplace(Path root, boolean keep) {
        this.root = root;
        this.keep = keep;
    }

    static Workplace create(boolean keep) throws IOException {
        Workplace workplace = new Workplace(Files.createTempDirectory("spillway-demo-"), keep);
        Runtime.getRuntime().addShutdownHook(workplace.atExit);
        return workplace;
    }

    Path root() {
        return root;
    }

    /** A folder in it, made if need be. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    /** Starts a process that does not outlive this workplace. */
    Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // The JVM is ending: the hook is at it.
        }
        cleanUp();
    }

    private void cleanUp() {
        processes.forEach(Process::destroyForcibly);
        try {
            for (Process process : processes) {
                process.waitFor();
            }
            if (!keep) {
                deleteAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + root, e);
        }
    }

    private void deleteAll() throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                    throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e)
                    throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

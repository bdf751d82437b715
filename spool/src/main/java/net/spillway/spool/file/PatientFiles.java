package net.spillway.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Disks that may hang: a call that does not return costs who waits for it no more than some
 * seconds. Each of the folders given has a thread of its own for all that is changed there. When a
 * call takes too long it fails, and so does, at once, every other one there until it returns.
 *
 * <p>What comes back too late is let go of; octets that were written too late lie behind what
 * counts, as after a write that failed. Readers do not wait for writers; they can ask whether a
 * disk {@link #hangs} before they wait for it themselves. Safe for use by many threads.
 */
public final class PatientFiles implements FileLayer {
    /** A busy disk may need some seconds for an fsync; a good one never that many. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long IDLE_SECONDS = 5;

    private final FileLayer files;
    private final Map<Path, Disk> disks = new HashMap<>();

    /**
     * @param folders  what may hang; elsewhere calls go straight to {@code files}
     * @param patience how long a call may take
     */
    public PatientFiles(FileLayer files, Collection<Path> folders, Duration patience) {
        this.files = files;
        folders.forEach(folder -> disks.put(folder.toAbsolutePath(),
                new Disk(folder, patience.toNanos())));
    }

    @Override
    public AppendFile create(Path file) throws IOException {
        return open(file, () -> files.create(file));
    }

    @Override
    public AppendFile append(Path file) throws IOException {
        return open(file, () -> files.append(file));
    }

    private AppendFile open(Path file, Callable<AppendFile> call) throws IOException {
        Disk disk = disk(file);
        AppendFile opened = on(disk, call, PatientFiles::close);
        return disk == null ? opened : new PatientFile(disk, opened);
    }

    /** Readers do not wait for writers. */
    @Override
    public FileChannel read(Path file) throws IOException {
        return files.read(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        run(disk(from), () -> files.rename(from, to));
    }

    @Override
    public void delete(Path file) throws IOException {
        run(disk(file), () -> files.delete(file));
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        run(disk(folder), () -> files.forceFolder(folder));
    }

    @Override
    public long usableSpace(Path folder) throws IOException {
        return on(disk(folder), () -> files.usableSpace(folder), late -> { });
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
        return on(disk(folder), () -> files.list(folder), late -> { });
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        run(disk(folder), () -> files.makeFolder(folder));
    }

    @Override
    public BooleanSupplier hangs(Path file) {
        Disk disk = disk(file);
        BooleanSupplier below = files.hangs(file);
        return disk == null ? below : () -> disk.hangs() || below.getAsBoolean();
    }

    @Override
    public String database(Path file) {
        return files.database(file);
    }

    private Disk disk(Path path) {
        Path absolute = path.toAbsolutePath();
        for (var entry : disks.entrySet()) {
            if (absolute.startsWith(entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void run(Disk disk, Action action) throws IOException {
        on(disk, () -> {
            action.run();
            return null;
        }, late -> { });
    }

    private static <T> T on(Disk disk, Callable<T> call, Consumer<T> late) throws IOException {
        try {
            return disk == null ? call.call() : disk.call(call, late);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static void close(AutoCloseable late) {
        try {
            late.close();
        } catch (Exception e) {
            // Nobody waits for it any more.
        }
    }

    /** A folder, and the thread that does what is done there. */
    private static final class Disk {
        private final Path folder;
        private final long patienceNanos;
        private final ThreadPoolExecutor thread;
        private volatile Future<?> hanging;
        private long since;

        Disk(Path folder, long patienceNanos) {
            this.folder = folder;
            this.patienceNanos = patienceNanos;
            thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(), Thread.ofPlatform().daemon()
                            .name("spool-disk " + folder.getFileName()).factory());
            thread.allowCoreThreadTimeOut(true);
        }

        synchronized <T> T call(Callable<T> call, Consumer<T> late) throws Exception {
            if (hangs()) {
                throw hung();
            }
            since = System.nanoTime();
            Future<T> answer = thread.submit(call);
            try {
                return answer.get(patienceNanos, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                abandon(answer, late);
                throw hung();
            } catch (InterruptedException e) {
                abandon(answer, late);
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for the disk", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }

        private <T> void abandon(Future<T> answer, Consumer<T> late) {
            hanging = answer;
            thread.execute(() -> {
                if (answer.state() == Future.State.SUCCESS && answer.resultNow() != null) {
                    late.accept(answer.resultNow());
                }
            });
        }

        /** Whether something that was asked too long ago is still to be answered. */
        boolean hangs() {
            Future<?> asked = hanging;
            return asked != null && !asked.isDone();
        }

        private IOException hung() {
            return new IOException("the disk under " + folder + " has not answered for "
                    + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since) / 1000.0 + " s");
        }

        void later(Runnable task) {
            thread.execute(task);
        }
    }

    private record PatientFile(Disk disk, AppendFile file) implements AppendFile {
        /** The caller may use its buffer again while a write that was given up still goes on. */
        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            ByteBuffer own = bytes.duplicate();
            PatientFiles.run(disk, () -> file.write(own, position));
            bytes.position(bytes.limit());
        }

        @Override
        public void force() throws IOException {
            PatientFiles.run(disk, file::force);
        }

        @Override
        public void truncate(long length) throws IOException {
            PatientFiles.run(disk, () -> file.truncate(length));
        }

        @Override
        public long size() throws IOException {
            return on(disk, file::size, late -> { });
        }

        /** Does not wait for a disk that hangs. */
        @Override
        public void close() throws IOException {
            if (disk.hangs()) {
                disk.later(() -> PatientFiles.close(file));
            } else {
                PatientFiles.run(disk, file::close);
            }
        }
    }
}

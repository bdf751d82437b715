package net.spillway.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.spool.file.AppendFile;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.file.NoSpaceException;
import net.spillway.spool.file.ReadOnlyChannel;

/** Files on a disk that fills up, fails to sync, gives some octets no more, or loses power. */
final class FaultyFiles implements FileLayer {
    private static final int SECTOR = 512;

    private final DiskFiles disk = new DiskFiles();
    /** Of each file written to: the octets that are surely on the disk. */
    private final Map<Path, Long> forced = new ConcurrentHashMap<>();
    /** Octets that can still be written. */
    volatile long space = Long.MAX_VALUE;
    /** What the disk claims, whatever it can really take; negative: the truth. */
    volatile long claimedSpace = 1L << 40;
    volatile boolean failForce;
    /** What the next fsync waits for. */
    volatile CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);
    /** What the next write waits for. */
    volatile CompletableFuture<Void> writable = CompletableFuture.completedFuture(null);
    /** A write waits for that. */
    volatile boolean isHeldUp;
    /** Fsyncs that were begun. */
    final AtomicInteger asked = new AtomicInteger();
    volatile boolean failTruncate;
    /** What the next write throws, as if the program itself failed; or null. */
    volatile Error failure;
    /** Of each file: octets that can be read no more, from the first up to the second. */
    final Map<Path, long[]> unreadable = new ConcurrentHashMap<>();
    final Set<Path> forcedFolders = ConcurrentHashMap.newKeySet();

    @Override
    public AppendFile create(Path file) throws IOException {
        if (space <= 0) {
            throw new NoSpaceException("full");
        }
        AppendFile made = disk.create(file);
        forced.put(file, 0L);
        return new Faulty(file, made);
    }

    @Override
    public AppendFile append(Path file) throws IOException {
        AppendFile opened = disk.append(file);
        forced.put(file, opened.size());
        return new Faulty(file, opened);
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        return new Reading(file, disk.read(file));
    }

    private final class Reading extends ReadOnlyChannel {
        private final Path path;
        private final FileChannel file;

        Reading(Path path, FileChannel file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            long[] bad = unreadable.get(path);
            if (bad == null || at >= bad[1] || at + into.remaining() <= bad[0]) {
                return readGood(into, at);
            }
            if (at >= bad[0]) {
                throw new IOException("Input/output error");
            }
            int n = readGood(into.slice(into.position(), (int) (bad[0] - at)), at);
            into.position(into.position() + Math.max(0, n));
            return n;
        }

        private int readGood(ByteBuffer into, long at) throws IOException {
            try {
                return file.read(into, at);
            } catch (ClosedChannelException e) {
                close(); // As a whole: somebody was interrupted in it.
                throw e;
            }
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        protected void implCloseChannel() {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
        forced.remove(from);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
        forced.remove(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        disk.forceFolder(folder);
        forcedFolders.add(folder);
    }

    @Override
    public long usableSpace(Path folder) throws IOException {
        return claimedSpace < 0 ? Math.max(0, space) : claimedSpace;
    }

    /** Of what was not forced, keeps some sectors, zeroes some, and loses the end. */
    void losePower(Path folder, Random random) throws IOException {
        for (var entry : forced.entrySet()) {
            Path file = folder.resolve(entry.getKey().getFileName());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                long safe = Math.min(entry.getValue(), channel.size());
                long end = safe + random.nextLong(channel.size() - safe + 1);
                channel.truncate(end);
                for (long at = safe; at < end; at += SECTOR - at % SECTOR) {
                    int n = (int) Math.min(SECTOR - at % SECTOR, end - at);
                    if (random.nextInt(3) == 0) {
                        channel.write(ByteBuffer.allocate(n), at);
                    }
                }
            }
        }
    }

    private final class Faulty implements AppendFile {
        private final Path path;
        private final AppendFile file;
        /** Where what was written since the last force began begins. */
        private volatile long rewritten = Long.MAX_VALUE;

        Faulty(Path path, AppendFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            if (!writable.isDone()) {
                isHeldUp = true;
                writable.join();
            }
            if (failure != null) {
                throw failure;
            }
            int n = (int) Math.min(bytes.remaining(), Math.max(0, space));
            boolean all = n == bytes.remaining();
            space -= space == Long.MAX_VALUE ? 0 : n;
            ByteBuffer some = bytes.slice(bytes.position(), n);
            file.write(some, position);
            rewritten = Math.min(rewritten, position);
            forced.computeIfPresent(path, (p, before) -> Math.min(before, position));
            bytes.position(bytes.position() + n);
            if (!all) {
                throw new NoSpaceException("full after " + n + " octets");
            }
        }

        @Override
        public void force() throws IOException {
            long size = file.size();
            rewritten = Long.MAX_VALUE;
            CompletableFuture<Void> due = answer;
            asked.incrementAndGet();
            due.join();
            if (failForce) {
                throw new IOException("the disk does not answer");
            }
            forced.put(path, Math.min(size, rewritten));
        }

        @Override
        public void truncate(long length) throws IOException {
            if (failTruncate) {
                throw new IOException("the disk does not answer");
            }
            file.truncate(length);
            forced.merge(path, length, Math::min);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

package net.spillway.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import net.spillway.spool.file.AppendFile;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.file.FileLayer;

/** Disks of which one, below some folder, can fail, fill up, or hang. */
final class FailingFolder implements FileLayer {
    private final DiskFiles disk = new DiskFiles();
    private final Path folder;
    volatile boolean failing;
    /** There is room, but no file can be made. */
    volatile boolean readOnly;
    volatile boolean full;
    /** What writing and forcing wait for. */
    volatile CountDownLatch hanging = new CountDownLatch(0);

    FailingFolder(Path folder) {
        this.folder = folder;
    }

    private void check(Path path) throws IOException {
        if (failing && path.startsWith(folder)) {
            throw new IOException("Input/output error");
        }
    }

    private void await(Path path) throws IOException {
        try {
            if (path.startsWith(folder)) {
                hanging.await();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public AppendFile create(Path file) throws IOException {
        check(file);
        if (readOnly && file.startsWith(folder)) {
            throw new IOException("Read-only file system");
        }
        return new Failing(file, disk.create(file));
    }

    @Override
    public AppendFile append(Path file) throws IOException {
        check(file);
        return new Failing(file, disk.append(file));
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        return disk.read(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        check(from);
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        check(file);
        disk.delete(file);
    }

    @Override
    public void forceFolder(Path path) throws IOException {
        check(path);
        disk.forceFolder(path);
    }

    @Override
    public long usableSpace(Path path) throws IOException {
        check(path);
        return full && path.startsWith(folder) ? 0 : disk.usableSpace(path);
    }

    private final class Failing implements AppendFile {
        private final Path path;
        private final AppendFile file;

        Failing(Path path, AppendFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            await(path);
            check(path);
            file.write(bytes, position);
        }

        @Override
        public void force() throws IOException {
            await(path);
            check(path);
            file.force();
        }

        @Override
        public void truncate(long length) throws IOException {
            check(path);
            file.truncate(length);
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

package net.spillway.relay.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import net.spillway.spool.file.AppendFile;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.file.NoSpaceException;

/** The disk, until somebody says that it, or one of its folders, is full. */
final class FillableDisk implements FileLayer {
    private final FileLayer disk = new DiskFiles();
    private volatile Optional<Path> full = Optional.empty();

    void setFull(boolean isFull) {
        full = isFull ? Optional.of(Path.of("/")) : Optional.empty();
    }

    void setFull(Path folder) {
        full = Optional.of(folder);
    }

    private boolean isFull(Path path) {
        return full.filter(path.toAbsolutePath()::startsWith).isPresent();
    }

    @Override
    public AppendFile create(Path file) throws IOException {
        return new Fillable(file, disk.create(file));
    }

    @Override
    public AppendFile append(Path file) throws IOException {
        return new Fillable(file, disk.append(file));
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        return disk.read(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        disk.forceFolder(folder);
    }

    @Override
    public long usableSpace(Path folder) throws IOException {
        return isFull(folder) ? 0 : disk.usableSpace(folder);
    }

    private final class Fillable implements AppendFile {
        private final Path path;
        private final AppendFile file;

        Fillable(Path path, AppendFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            if (isFull(path)) {
                throw new NoSpaceException("the disk is full");
            }
            file.write(bytes, position);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void truncate(long length) throws IOException {
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

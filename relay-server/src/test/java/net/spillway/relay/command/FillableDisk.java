package net.spillway.relay.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import net.spillway.spool.file.AppendFile;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.file.NoSpaceException;

/** The disk, until somebody says that it is full. */
final class FillableDisk implements FileLayer {
    private final FileLayer disk = new DiskFiles();
    private volatile boolean full;

    void setFull(boolean isFull) {
        full = isFull;
    }

    @Override
    public AppendFile create(Path file) throws IOException {
        return new Fillable(disk.create(file));
    }

    @Override
    public AppendFile append(Path file) throws IOException {
        return new Fillable(disk.append(file));
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
        return full ? 0 : disk.usableSpace(folder);
    }

    private final class Fillable implements AppendFile {
        private final AppendFile file;

        Fillable(AppendFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            if (full) {
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

package net.spillway.spool;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.List;
import org.h2.store.fs.FakeFileChannel;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;

/** H2's way to a {@link SimulatedDisk}: {@code simulated:DISK/path}. */
final class SimulatedDatabaseFile extends FilePath {
    static final String SCHEME = "simulated";

    /** Lets H2 know of the scheme. */
    static void register() {
        FilePath.register(new SimulatedDatabaseFile());
    }

    private static SimulatedDatabaseFile of(String name) {
        var file = new SimulatedDatabaseFile();
        file.name = name;
        return file;
    }

    private SimulatedDisk disk() {
        int slash = name.indexOf('/');
        return SimulatedDisk.get(Integer.parseInt(name, SCHEME.length() + 1, slash, 10));
    }

    private String path() {
        return name.substring(name.indexOf('/'));
    }

    private String prefix() {
        return name.substring(0, name.indexOf('/'));
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FilePath getPath(String path) {
        return of(path);
    }

    @Override
    public long size() {
        try {
            return disk().octets(path()).length();
        } catch (IOException absent) {
            return 0;
        }
    }

    @Override
    public void moveTo(FilePath other, boolean atomicReplace) {
        disk().move(path(), ((SimulatedDatabaseFile) other).path());
    }

    @Override
    public boolean createFile() {
        try {
            boolean absent = !isRegularFile();
            if (absent) {
                disk().make(path());
            }
            return absent;
        } catch (IOException full) {
            return false;
        }
    }

    @Override
    public boolean exists() {
        return isDirectory() || isRegularFile();
    }

    @Override
    public void delete() {
        disk().remove(path());
    }

    @Override
    public List<FilePath> newDirectoryStream() {
        var files = new ArrayList<FilePath>(); // H2 changes it.
        disk().namesBelow(path()).forEach(n -> files.add(of(prefix() + n)));
        return files;
    }

    @Override
    public FilePath toRealPath() {
        return this;
    }

    @Override
    public FilePath getParent() {
        int slash = name.lastIndexOf('/');
        return of(slash == name.indexOf('/') ? prefix() + "/" : name.substring(0, slash));
    }

    @Override
    public boolean isDirectory() {
        return name.lastIndexOf('.') < name.lastIndexOf('/'); // All our files have a suffix.
    }

    @Override
    public boolean isRegularFile() {
        return disk().exists(path());
    }

    @Override
    public boolean isAbsolute() {
        return true;
    }

    @Override
    public long lastModified() {
        return 0;
    }

    @Override
    public boolean canWrite() {
        return true;
    }

    @Override
    public void createDirectory() {
        // Folders are always there.
    }

    @Override
    public boolean setReadOnly() {
        return false;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        SimulatedDisk disk = disk();
        if (!isRegularFile()) {
            if (mode.equals("r")) {
                throw new FileNotFoundException(name);
            }
            disk.make(path());
        }
        return new Channel(disk, disk.file(path()), disk.octets(path()));
    }

    private static final class Channel extends FileBaseDefault {
        private final SimulatedDisk disk;
        private final int file;
        private final SimulatedDisk.Octets octets;

        Channel(SimulatedDisk disk, int file, SimulatedDisk.Octets octets) {
            this.disk = disk;
            this.file = file;
            this.octets = octets;
        }

        @Override
        public long size() {
            return octets.length();
        }

        @Override
        public int read(ByteBuffer into, long at) {
            return octets.read(into, at);
        }

        @Override
        public int write(ByteBuffer from, long at) throws IOException {
            int n = from.remaining();
            disk.write(file, from, at);
            return n;
        }

        @Override
        protected void implTruncate(long length) {
            disk.cut(file, length);
        }

        @Override
        public void force(boolean metaData) {
            disk.force(file);
        }

        @Override
        public synchronized FileLock tryLock(long from, long length, boolean shared) {
            return new FileLock(FakeFileChannel.INSTANCE, from, length, shared) {
                @Override
                public boolean isValid() {
                    return true;
                }

                @Override
                public void release() {
                    // Nobody else is there.
                }
            };
        }
    }
}

package net.spillway.fec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A few open files of many, so that slices can be read and written in any order. */
public final class OpenFiles implements AutoCloseable {
    private static final int MAX_OPEN = 64;

    private final Set<? extends OpenOption> options;
    private final Map<Path, FileChannel> open = new LinkedHashMap<>(16, 0.75f, true);

    /** None open yet; each will be opened with these options. */
    public OpenFiles(OpenOption... options) {
        this.options = Set.of(options);
    }

    /** Reads bytes of a file, which must have them. */
    public void read(Path file, long from, byte[] dst, int offset, int len) throws IOException {
        read(file, from, ByteBuffer.wrap(dst, offset, len));
    }

    /** Fills a buffer with bytes of a file, which must have them. */
    public void read(Path file, long from, ByteBuffer dst) throws IOException {
        FileChannel channel = channel(file);
        for (long at = from; dst.hasRemaining(); ) {
            int n = channel.read(dst, at);
            if (n < 0) {
                throw new EOFException(file + " became shorter while it was read");
            }
            at += n;
        }
    }

    /** Writes bytes into a file, which must be there. */
    public void write(Path file, long from, byte[] src, int offset, int len) throws IOException {
        write(file, from, ByteBuffer.wrap(src, offset, len));
    }

    /** Writes a buffer into a file, which must be there. */
    public void write(Path file, long from, ByteBuffer src) throws IOException {
        FileChannel channel = channel(file);
        for (long at = from; src.hasRemaining(); ) {
            at += channel.write(src, at);
        }
    }

    private FileChannel channel(Path file) throws IOException {
        FileChannel channel = open.get(file);
        if (channel == null) {
            if (open.size() >= MAX_OPEN) {
                Path oldest = open.keySet().iterator().next();
                open.remove(oldest).close();
            }
            channel = FileChannel.open(file, options);
            open.put(file, channel);
        }
        return channel;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (FileChannel channel : open.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        open.clear();
        if (failure != null) {
            throw failure;
        }
    }
}

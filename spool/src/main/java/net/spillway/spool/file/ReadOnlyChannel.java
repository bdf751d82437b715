package net.spillway.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A channel over octets that lie in no file of the system, for file layers that keep them
 * elsewhere. It can be read, by position or in order, and copied from; nothing else.
 */
public abstract class ReadOnlyChannel extends FileChannel {
    private static final int STEP = 64 << 10;

    private long position;

    /** As {@link FileChannel#read(ByteBuffer, long)}. */
    @Override
    public abstract int read(ByteBuffer into, long at) throws IOException;

    @Override
    public abstract long size() throws IOException;

    @Override
    public synchronized int read(ByteBuffer into) throws IOException {
        int n = read(into, position);
        position += Math.max(n, 0);
        return n;
    }

    @Override
    public synchronized long read(ByteBuffer[] into, int offset, int length) throws IOException {
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            int n = read(into[i]);
            if (n < 0) {
                return all == 0 ? -1 : all;
            }
            all += n;
        }
        return all;
    }

    @Override
    public synchronized long position() {
        return position;
    }

    @Override
    public synchronized FileChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel to) throws IOException {
        ByteBuffer step = ByteBuffer.allocate((int) Math.min(STEP, Math.max(0, count)));
        long done = 0;
        while (done < count) {
            step.clear().limit((int) Math.min(step.capacity(), count - done));
            if (read(step, from + done) <= 0) {
                break;
            }
            step.flip();
            int n = to.write(step);
            done += n;
            if (step.hasRemaining()) {
                break; // The other side takes no more for now.
            }
        }
        return done;
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long length) throws IOException {
        throw new IOException("what lies in no file cannot be mapped");
    }

    @Override
    public int write(ByteBuffer bytes) {
        throw new NonWritableChannelException();
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) {
        throw new NonWritableChannelException();
    }

    @Override
    public int write(ByteBuffer bytes, long at) {
        throw new NonWritableChannelException();
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long at, long count) {
        throw new NonWritableChannelException();
    }

    @Override
    public FileChannel truncate(long length) {
        throw new NonWritableChannelException();
    }

    @Override
    public void force(boolean metaData) {
        // Nothing was written.
    }

    @Override
    public FileLock lock(long from, long length, boolean shared) throws IOException {
        throw new IOException("what lies in no file cannot be locked");
    }

    @Override
    public FileLock tryLock(long from, long length, boolean shared) throws IOException {
        return lock(from, length, shared);
    }

    @Override
    protected void implCloseChannel() {
        // The octets belong to somebody else.
    }
}

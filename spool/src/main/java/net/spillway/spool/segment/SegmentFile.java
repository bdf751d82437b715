package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import net.spillway.spool.file.FileLayer;

/**
 * One segment as readers see it. Its channel is opened when first needed and shared; a segment
 * that was dropped keeps its octets until the last reader has let go.
 */
public final class SegmentFile {
    private final FileLayer files;
    private final SegmentHeader header;
    private final String storage;
    private final BooleanSupplier hangs;
    private Path path;
    private FileChannel channel;
    private int readers;
    private boolean dropped;
    private volatile long length;
    private volatile boolean sealed;
    private volatile boolean forced;
    private volatile SegmentSummary summary;

    SegmentFile(FileLayer files, String storage, Path path, SegmentHeader header, long length,
            boolean sealed, SegmentSummary summary) {
        this.files = files;
        this.storage = storage;
        this.path = path;
        this.hangs = files.hangs(path);
        this.header = header;
        this.length = length;
        this.sealed = sealed;
        this.summary = summary;
    }

    public int id() {
        return header.segment();
    }

    /** The storage class it belongs to. */
    public String storage() {
        return storage;
    }

    public SegmentHeader header() {
        return header;
    }

    public synchronized Path path() {
        return path;
    }

    /** Octets that readers may see. */
    public long length() {
        return length;
    }

    /** Whether nothing will be appended any more. */
    public boolean isSealed() {
        return sealed;
    }

    /**
     * Whether what was read of it on opening is on the disk: what a scan has read may be only in
     * memory if the machine is about to fail.
     */
    public boolean isForced() {
        return forced;
    }

    /** Notes that it is. */
    public void forced() {
        forced = true;
    }

    public SegmentSummary summary() {
        return summary;
    }

    /** Notes that the segment has grown, or was cut or sealed. */
    public void update(long newLength, SegmentSummary newSummary, boolean isSealed) {
        summary = newSummary;
        length = newLength;
        sealed = isSealed;
    }

    /** A reader that waited for a disk that hangs would take its thread along. */
    void requireAnswers() throws IOException {
        if (hangs.getAsBoolean()) {
            throw new IOException("the disk under " + path().getParent() + " does not answer");
        }
    }

    /** Holds the segment open for a reader; false if it was dropped. */
    public synchronized boolean acquire() {
        if (dropped) {
            return false;
        }
        readers++;
        return true;
    }

    /** Lets go of what {@link #acquire} held. */
    public synchronized void release() throws IOException {
        readers--;
        finishDrop();
    }

    /**
     * The shared channel, for positional reads. An interrupted thread closes the channel it reads
     * from under everyone: then this opens it anew.
     */
    public synchronized FileChannel channel() throws IOException {
        if (channel == null || !channel.isOpen()) {
            channel = files.read(path);
        }
        return channel;
    }

    /** Closes the channel if nobody reads; it opens again when needed. */
    synchronized boolean closeIfIdle() throws IOException {
        if (readers > 0 || channel == null) {
            return false;
        }
        closeChannel();
        return true;
    }

    synchronized boolean isOpen() {
        return channel != null;
    }

    /**
     * Takes the segment away. The new name tells a later start that it is to go, even if readers
     * keep it for now.
     */
    synchronized void drop() throws IOException {
        Path goodbye = path.resolveSibling(path.getFileName() + SegmentStore.DROPPED_SUFFIX);
        files.rename(path, goodbye);
        path = goodbye;
        dropped = true;
        finishDrop();
    }

    synchronized void close() throws IOException {
        closeChannel();
    }

    private void finishDrop() throws IOException {
        if (dropped && readers == 0) {
            closeChannel();
            files.delete(path);
        }
    }

    private void closeChannel() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}

package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.spillway.fec.packet.SliceChecksum;
import net.spillway.protocol.YencDecoded;
import net.spillway.protocol.YencPart;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;

/**
 * A file of the manifest while it is being put together under a temporary name. Parts go where
 * their yEnc headers say; slices that lie within one part are hashed while they are in memory.
 * Safe for many threads. The file is opened for each part, since a manifest may name more files
 * than a process may hold open.
 */
final class TargetFile {
    /** More than any article holds; so a part can't lie further out than so much for each. */
    private static final long LARGEST_PART = 16L << 20;
    private static final int MOST_SLICES = 32768;

    private final NzbFile.Entry entry;
    private final Optional<FileNote> note;
    private volatile Path path;
    private final List<Wanted> wanted;
    private final Ranges good = new Ranges();
    private final Ranges doubtful = new Ranges();
    private final Map<Integer, SliceChecksum> checksums = new HashMap<>();
    private volatile long sliceSize;
    private boolean sealed;
    private boolean somebodysOwn;
    private Optional<YencPart> yenc = Optional.empty();

    /**
     * A file.
     *
     * @param note what our manifest says of it
     * @param path the temporary name
     */
    TargetFile(NzbFile.Entry entry, Optional<FileNote> note, Path path) {
        this.entry = entry;
        this.note = note;
        this.path = path;
        this.wanted = entry.segments().stream()
                .map(s -> new Wanted(this, s.id(), s.bytes())).toList();
    }

    NzbFile.Entry entry() {
        return entry;
    }

    Optional<FileNote> note() {
        return note;
    }

    Path path() {
        return path;
    }

    /** Its articles, in the manifest's order. */
    List<Wanted> wanted() {
        return wanted;
    }

    /** From now on slices of this size are hashed as they come; 0 for none. */
    void hashSlicesOf(long octets) {
        sliceSize = octets;
    }

    /** The file was there before: what lies at this place is all of it, and is only read. */
    synchronized void isAt(Path finished) {
        path = finished;
        sealed = true;
        somebodysOwn = true;
        good.add(0, note.map(FileNote::length).orElseThrow());
    }

    /** Whether the file is not a temporary one, and must not be written to. */
    synchronized boolean isSomebodysOwn() {
        return somebodysOwn;
    }

    /** From now on nothing that still comes changes the file. */
    synchronized void seal() {
        sealed = true;
    }

    /** What became of a part. */
    enum Verdict {
        /** It is written. */
        GOOD,
        /** It was written before. */
        REPEATED,
        /** It is no good; what there is of it may be written all the same, for parity to use. */
        BAD
    }

    /** Takes a decoded article. */
    Verdict accept(Wanted article, YencDecoded decoded) throws IOException {
        long from = decoded.part().begin();
        long to = from + decoded.data().length;
        if (decoded.data().length == 0 || to > farthest()) {
            return Verdict.BAD;
        }
        if (!decoded.isIntact()) {
            salvage(from, decoded.data());
            return Verdict.BAD;
        }
        if (!article.claim()) {
            return Verdict.REPEATED;
        }
        synchronized (this) {
            if (sealed) {
                return Verdict.REPEATED;
            }
            if (good.touches(from, to)) {
                article.unclaim();
                return Verdict.BAD;
            }
            good.add(from, to);
            yenc = Optional.of(decoded.part());
        }
        hashSlices(decoded);
        write(from, decoded.data(), 0, decoded.data().length);
        return Verdict.GOOD;
    }

    private long farthest() {
        return note.map(FileNote::length).orElse(entry.segments().size() * LARGEST_PART);
    }

    /** Writes a damaged part where nothing better is. */
    private synchronized void salvage(long from, byte[] data) throws IOException {
        if (!sealed && !good.touches(from, from + data.length)) {
            write(from, data, 0, data.length);
            doubtful.add(from, from + data.length);
        }
    }

    private void hashSlices(YencDecoded decoded) {
        long size = sliceSize;
        if (size == 0) {
            return;
        }
        byte[] data = decoded.data();
        long begin = decoded.part().begin();
        long length = note.map(FileNote::length).orElse(decoded.part().fileSize());
        if (length <= size) {
            return; // One slice, of which most may be padding: the file's own MD5 is cheaper.
        }
        for (long slice = Math.ceilDiv(begin, size); slice < MOST_SLICES; slice++) {
            long at = slice * size - begin;
            long end = Math.min(at + size, length - begin);
            if (at >= end || end > data.length) {
                return;
            }
            SliceChecksum sum = SliceChecksum.of(data, (int) at, (int) (end - at), size);
            synchronized (this) {
                checksums.put((int) slice, sum);
            }
        }
    }

    private void write(long at, byte[] data, int offset, int length) throws IOException {
        write(path, at, data, offset, length);
    }

    static void write(Path path, long at, byte[] data, int offset, int length)
            throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(data, offset, length);
            for (long to = at; bytes.hasRemaining(); ) {
                to += channel.write(bytes, to);
            }
        }
    }

    /** Fills part of {@code dst} from a file, with zeros behind its end. */
    static void read(FileChannel channel, long at, byte[] dst, int offset, int length)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(dst, offset, length);
        int n = 0;
        for (long from = at; n >= 0 && bytes.hasRemaining(); from += Math.max(0, n)) {
            n = channel.read(bytes, from);
        }
        Arrays.fill(dst, bytes.position(), offset + length, (byte) 0);
    }

    /** The checksum of a slice that was hashed on its way. */
    synchronized Optional<SliceChecksum> checksum(int slice) {
        return Optional.ofNullable(checksums.get(slice));
    }

    /** Whether something was written at every position of a range, damaged parts included. */
    synchronized boolean hasSomethingAt(long from, long to) {
        return good.covers(from, to) || !doubtful.isEmpty() && both().covers(from, to);
    }

    private Ranges both() {
        Ranges both = new Ranges();
        good.forEach(both::add);
        doubtful.forEach(both::add);
        return both;
    }

    /** Octets from the beginning to the end of the last good part. */
    synchronized long end() {
        return good.end();
    }

    /** Whether every article came, and their parts leave no gap. */
    synchronized boolean isGapless() {
        boolean all = wanted.stream().allMatch(w -> w.done);
        return all && good.covers(0, Math.max(good.end(), note.map(FileNote::length).orElse(0L)));
    }

    /** What the yEnc header of a good part says. */
    synchronized Optional<YencPart> yenc() {
        return yenc;
    }

    /** What to call it in messages. */
    String shown() {
        return note.map(FileNote::path).or(entry::subjectName)
                .or(() -> yenc().map(YencPart::name)).orElse(entry.subject());
    }
}

package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;
import net.spillway.protocol.JoinedCrc;
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
    private static final int PIECE = 128 << 10;
    private static final byte[] PACKET = "PAR2\0PKT".getBytes(StandardCharsets.US_ASCII);

    private final NzbFile.Entry entry;
    private final Optional<FileNote> note;
    private final int index;
    private final boolean numbered;
    private final Optional<Journal> journal;
    private volatile Path path;
    private final List<Wanted> wanted;
    private final ReentrantLock writing = new ReentrantLock();
    private final Ranges good = new Ranges();
    private final Ranges doubtful = new Ranges();
    private final Map<Integer, SliceChecksum> checksums = new HashMap<>();
    private final NavigableMap<Long, Summed> parts = new TreeMap<>();
    private volatile boolean hashing;
    private volatile long sliceSize;
    private volatile long partSize;
    private volatile Optional<ArrivingSlices> hasher = Optional.empty();
    private volatile Optional<Syndromes.Feed> feed = Optional.empty();
    private Optional<Hash16> md5 = Optional.empty();
    private boolean sealed;
    private boolean somebodysOwn;
    private Optional<YencPart> yenc = Optional.empty();
    private final Claim size = new Claim();
    private final Claim total = new Claim();

    /** A part of so many octets and their CRC-32. */
    private record Summed(int length, int crc32) {}

    /** What all parts say of the file, as long as they say the same. */
    private static final class Claim {
        private static final long NOTHING = -1;
        private static final long DIFFERENT = -2;
        private long value = NOTHING;

        void hear(long said) {
            if (said > 0) {
                value = value == NOTHING || value == said ? said : DIFFERENT;
            }
        }

        boolean is(long what) {
            return value == what;
        }

        boolean exceeds(long what) {
            return value > what;
        }
    }

    /**
     * A file.
     *
     * @param note what our manifest says of it
     * @param index its position among the manifest's files
     * @param path the temporary name
     * @param journal notes what was written
     */
    TargetFile(NzbFile.Entry entry, Optional<FileNote> note, int index, Path path,
            Optional<Journal> journal) {
        this.entry = entry;
        this.note = note;
        this.index = index;
        this.numbered = entry.isNumbered();
        this.journal = journal;
        this.path = path;
        List<Wanted> articles = new ArrayList<>(entry.segments().size());
        for (NzbFile.Segment s : entry.segments()) {
            articles.add(new Wanted(this, articles.size(), s.id(), s.bytes()));
        }
        this.wanted = List.copyOf(articles);
    }

    int index() {
        return index;
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

    /** Octets of its articles as the manifest has them. */
    long bytes() {
        return wanted.stream().mapToLong(Wanted::bytes).sum();
    }

    /** Whether a packet of PAR2 is what came of its beginning. */
    boolean beginsAsParity() throws IOException {
        byte[] head = new byte[PACKET.length];
        if (!hasSomethingAt(0, head.length) || !Files.exists(path)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            read(channel, 0, head, 0, head.length);
        }
        return Arrays.equals(head, PACKET);
    }

    /** The size of slices, which are hashed as they come if anything tells their hashes; or 0. */
    long sliceSize() {
        return sliceSize;
    }

    /** From now on slices of this size are hashed as they come. */
    void hashSlicesOf(long octets) {
        sliceSize = octets;
        hashing = true;
    }

    /** Slices are of this size, and nobody wants to know their hashes. */
    void hasSlicesOf(long octets) {
        sliceSize = octets;
    }

    /** The same; those that are whole, by the hasher, whose size counts. */
    void hashSlicesBy(ArrivingSlices other) {
        hasher = Optional.of(other);
        hashSlicesOf(other.size());
    }

    /** From now on slices are added to syndromes as they come. */
    void feed(Syndromes.Feed to) {
        feed = Optional.of(to);
    }

    /** The checksum of a slice that came. */
    synchronized void hashed(int slice, SliceChecksum sum) {
        checksums.put(slice, sum);
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

    /**
     * What became of an article's data.
     *
     * @param spare an array for the caller to use again
     */
    record Taken(Verdict verdict, byte[] spare) {}

    /**
     * Takes a decoded article, whose data is not the caller's any more.
     *
     * @param last whether nobody else can be asked for it
     */
    Taken accept(Wanted article, YencDecoded decoded, boolean last) throws IOException {
        byte[] data = decoded.data();
        Verdict verdict = claim(article, decoded, last);
        if (verdict != Verdict.GOOD) {
            return new Taken(verdict, data);
        }
        long from = decoded.part().begin();
        feed.ifPresent(f -> f.add(data, from));
        write(from, data, 0, data.length);
        if (journal.isPresent()) {
            journal.get().add(new Journal.Part(index, article.position(), from, data.length,
                    (int) decoded.crc32(), decoded.part().fileSize(), decoded.part().name()));
        }
        return new Taken(verdict, hashSlices(
                data, from, decoded.part().fileSize(), (int) decoded.crc32()));
    }

    /** Whether this is the article's data, and the first that came. */
    private Verdict claim(Wanted article, YencDecoded decoded, boolean last) throws IOException {
        long from = decoded.part().begin();
        long to = from + decoded.data().length;
        if (decoded.data().length == 0 || to > farthest()
                || isAnother(article, decoded.part(), last)) {
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
            sum(from, decoded.data().length, (int) decoded.crc32());
            yenc = Optional.of(decoded.part());
            size.hear(decoded.part().fileSize());
            total.hear(decoded.part().total());
        }
        return Verdict.GOOD;
    }

    /**
     * Takes over what was written before the fetch was broken off, as far as it is right.
     *
     * @param looked hears how many octets have been looked at
     * @return the articles that need not be fetched again
     */
    List<Wanted> restore(List<Journal.Part> parts, LongConsumer looked) throws IOException {
        List<Wanted> restored = new ArrayList<>();
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return restored;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (Journal.Part part : parts) {
                if (part.article() < wanted.size() && part.length() <= LARGEST_PART
                        && part.begin() + part.length() <= channel.size()
                        && restore(channel, part)) {
                    restored.add(wanted.get(part.article()));
                }
                looked.accept(part.length());
            }
        }
        return restored;
    }

    private boolean restore(FileChannel channel, Journal.Part part) throws IOException {
        Wanted article = wanted.get(part.article());
        long to = part.begin() + part.length();
        byte[] data = new byte[part.length()];
        read(channel, part.begin(), data, 0, data.length);
        CRC32 crc = new CRC32();
        crc.update(data);
        if ((int) crc.getValue() != part.crc32() || to > farthest()
                || good.touches(part.begin(), to) || !article.claim()) {
            return false;
        }
        article.done = true;
        good.add(part.begin(), to);
        sum(part.begin(), part.length(), part.crc32());
        yenc = Optional.of(new YencPart(part.name(), part.size(), part.article() + 1, 0,
                part.begin()));
        size.hear(part.size());
        hashSlices(data, part.begin(), part.size(), part.crc32());
        return true;
    }

    private synchronized void sum(long from, int length, int crc32) {
        if (note.filter(FileNote::isCrc).isPresent()) {
            parts.put(from, new Summed(length, crc32));
        }
    }

    /** The CRC-32 of all parts that came, in their order; only of files whose note has one. */
    synchronized int crc32() {
        JoinedCrc joined = new JoinedCrc();
        parts.values().forEach(part -> joined.add(part.crc32(), part.length()));
        return joined.value();
    }

    /**
     * Whether this is not the part that the manifest means, though a server says so. Of files of
     * ours it is known where each part begins; of others, part numbers are believed if they fit,
     * unless all who have the article say otherwise: then it is the manifest that is wrong, as
     * where it was put together from subjects.
     */
    private boolean isAnother(Wanted article, YencPart part, boolean last) {
        if (partSize > 0) {
            return part.begin() != article.position() * partSize
                    || part.fileSize() != note.orElseThrow().length();
        }
        return part.total() == wanted.size() && numbered
                && part.part() != article.position() + 1
                && !(last && fits(part));
    }

    /** Whether a part is of the same file as those that came; before that the name has to do. */
    private synchronized boolean fits(YencPart part) {
        return yenc.isEmpty() ? entry.subjectName().filter(part.name()::equals).isPresent()
                : yenc.get().name().equals(part.name())
                        && yenc.get().fileSize() == part.fileSize();
    }

    /** Where parts begin is known: all but the last have so many octets. */
    void hasPartsOf(long octets) {
        partSize = octets;
    }

    private long farthest() {
        return note.map(FileNote::length).orElse(mostOctets());
    }

    /** Whether its articles can hold so much. */
    boolean canBe(long length) {
        return length <= mostOctets();
    }

    private long mostOctets() {
        return entry.segments().size() * LARGEST_PART;
    }

    /** Writes a damaged part where nothing better is. */
    private synchronized void salvage(long from, byte[] data) throws IOException {
        if (!sealed && !good.touches(from, from + data.length)) {
            write(from, data, 0, data.length);
            doubtful.add(from, from + data.length);
        }
    }

    /**
     * Hashes the slices within a part.
     *
     * @param data is not the caller's any more
     * @param crc32 of the part
     * @return an array for the caller, perhaps the same
     */
    private byte[] hashSlices(byte[] data, long begin, long fileSize, int crc32) {
        long size = sliceSize;
        if (!hashing) {
            return data;
        }
        long length = note.map(FileNote::length).orElse(fileSize);
        if (length <= size) {
            hashWhole(data, begin, length);
            return data;
        }
        if (data.length == size && begin % size == 0 && hasher.isPresent()) {
            int slice = (int) (begin / size);
            return hasher.get().addAll(data, crc32, sum -> hashed(slice, sum));
        }
        for (long slice = Math.ceilDiv(begin, size); slice < MOST_SLICES; slice++) {
            long at = slice * size - begin;
            long end = Math.min(at + size, length - begin);
            if (at >= end || end > data.length) {
                break;
            }
            int which = (int) slice;
            if (end - at == size && hasher.isPresent()) {
                hasher.get().add(data, (int) at, sum -> hashed(which, sum));
            } else {
                hashed(which, SliceChecksum.of(data, (int) at, (int) (end - at), size));
            }
        }
        return data;
    }

    /** One slice, of which most may be padding: the file's own MD5 is cheaper. */
    private synchronized void hashWhole(byte[] data, long begin, long length) {
        if (begin == 0 && data.length == length) {
            md5 = Optional.of(Hash16.md5(data));
        }
    }

    /** The MD5 of the file, if that came in one part. */
    synchronized Optional<Hash16> md5() {
        return md5;
    }

    /** One at a time: the kernel lets in one writer of a file, and others spin until it is out. */
    private void write(long at, byte[] data, int offset, int length) throws IOException {
        writing.lock();
        try {
            write(path, at, data, offset, length);
        } finally {
            writing.unlock();
        }
    }

    static void write(Path path, long at, byte[] data, int offset, int length)
            throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(data);
            for (int done = 0; done < length; ) {
                // What is written goes through off-heap memory: better little, which stays cached.
                int from = offset + done;
                bytes.limit(from + Math.min(PIECE, length - done)).position(from);
                done += channel.write(bytes, at + done);
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

    /**
     * Whether the parts say that there is more of the file than what came, as where a manifest does
     * not name the last of them. Sizes and totals may be decoys, so one that fits outweighs the
     * other.
     */
    synchronized boolean isShort() {
        boolean sizeFits = size.is(good.end());
        boolean totalFits = total.is(wanted.size());
        return !sizeFits && !totalFits
                && (size.exceeds(good.end()) || total.exceeds(wanted.size()));
    }

    /** Whether all of it is here and as it should be, as far as its articles and its note tell. */
    boolean isRight() throws IOException {
        if (isSomebodysOwn()) {
            return true;
        }
        if (!isGapless()) {
            return false;
        }
        return note.isEmpty() ? !isShort()
                : note.get().isCrc() ? FileProof.hex(crc32()).equals(note.get().hash())
                        : FileProof.isRight(path(), note.get(), octets -> { });
    }

    /** How long it is, if all parts say the same. */
    synchronized Optional<Long> claimedLength() {
        return Optional.of(size.value).filter(said -> said >= good.end());
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

package net.spillway.tools.post;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import net.spillway.fec.RestartableMd5;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;

/**
 * What a post has done so far, in a file beside its manifest, so that it can be taken up again
 * after the process or the machine died at any moment. Lines of text, each with a CRC-32 before it;
 * a line that is not whole, and what follows it, counts for nothing.
 *
 * <pre>
 * crc spillway-post 1 SEED DATE         the seed of all message-IDs; seconds since 1970
 * crc asked LINE                        what was to be posted, and how; as many as it takes
 * crc begun
 * crc sums FIRST ARTICLES LENGTH CHAIN REST SLICE...    hashes of data articles, in their order
 * crc sent N                            articles from N on have certainly not been sent
 * crc done N CRC OCTETS                 a server has the article N, whose data has that CRC-32, and
 *                                       so many octets in its body
 * crc parity                            all recovery slices are in their file
 * </pre>
 *
 * <p>A file's place in the log of articles is fixed by the seed, so nothing is sent before the
 * lines up to {@code begun} are on the disk, nor an article before a {@code sent} that covers it.
 * Other lines may be lost with the machine's power: then work is done twice, but asked for first.
 */
final class PostJournal implements AutoCloseable {
    private static final String MAGIC = "spillway-post 1";
    private static final int WINDOW = 256;

    private final Path file;
    /** Not a channel, which would be closed when a thread that writes is interrupted. */
    private final RandomAccessFile out;
    private final PostSeed seed;
    private final Instant date;
    private final List<Sums> sums = new ArrayList<>();
    private final BitSet done = new BitSet();
    private final Map<Integer, Integer> crcs = new HashMap<>();
    private final Map<Integer, Integer> bodies = new HashMap<>();
    private final boolean resumed;
    private int sent;
    private boolean parity;

    /**
     * Hashes of some articles of one file that follow each other.
     *
     * @param first number of the first of them
     * @param articles how many
     * @param md5 that of the file up to their end
     * @param slices the checksums of their slices
     */
    record Sums(int first, int articles, RestartableMd5.State md5, List<SliceChecksum> slices) {}

    private PostJournal(Path file, RandomAccessFile out, List<String> lines, List<String> asked)
            throws IOException {
        this.file = file;
        this.out = out;
        int begun = lines.indexOf("begun");
        resumed = begun > 0 && lines.getFirst().startsWith(MAGIC + " ");
        if (resumed) {
            String[] words = lines.getFirst().split(" ");
            seed = new PostSeed(words[2]);
            date = Instant.ofEpochSecond(Long.parseLong(words[3]));
            requireSame(lines.subList(1, begun), asked);
            lines.subList(begun + 1, lines.size()).forEach(this::read);
            out.seek(out.length());
        } else {
            seed = PostSeed.random();
            date = Instant.ofEpochSecond(Instant.now().getEpochSecond());
            begin(asked);
        }
    }

    /**
     * Begins a journal, or takes up one that is there.
     *
     * @param asked what is to be posted, and how
     * @throws CommandFailure if the one that is there was about something else, or somebody else
     *     is at work on it
     */
    static PostJournal open(Path file, List<String> asked) throws IOException {
        RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw");
        try {
            lock(file, out.getChannel());
            return new PostJournal(file, out, readLines(out.getChannel()), asked);
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    /** Whether a post was begun whose journal this is. */
    static boolean isBegun(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return readLines(channel).contains("begun");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * The seed of a post that was begun and whose process is gone.
     *
     * @throws CommandFailure if somebody is at work on it
     */
    static Optional<PostSeed> seedOf(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            lock(file, channel);
            List<String> lines = readLines(channel);
            return lines.contains("begun") && lines.getFirst().startsWith(MAGIC + " ")
                    ? Optional.of(new PostSeed(lines.getFirst().split(" ")[2]))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new CommandFailure(ExitCode.TEMPORARY, "Another process is posting this: it"
                    + " holds " + file + ".");
        }
    }

    private static List<String> readLines(FileChannel channel) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (all.hasRemaining() && channel.read(all, all.position()) >= 0) {
            // On.
        }
        List<String> lines = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < all.position(); i++) {
            if (all.get(i) == '\n') {
                String line = new String(all.array(), at, i - at, StandardCharsets.UTF_8);
                if (line.length() < 9 || !crc(line.substring(9)).equals(line.substring(0, 8))) {
                    break;
                }
                lines.add(line.substring(9));
                at = i + 1;
            }
        }
        if (channel.isOpen() && at < all.position() && lines.contains("begun")) {
            truncate(channel, at);
        }
        return lines;
    }

    private static void truncate(FileChannel channel, long length) throws IOException {
        try {
            channel.truncate(length);
        } catch (NonWritableChannelException e) {
            // Only looked at.
        }
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits(crc.getValue(), 8);
    }

    private void begin(List<String> asked) throws IOException {
        out.setLength(0);
        out.seek(0);
        write(MAGIC + " " + seed.hex() + " " + date.getEpochSecond());
        for (String line : asked) {
            write("asked " + line);
        }
        write("begun");
        out.getFD().sync();
        forceFolder();
    }

    private void forceFolder() {
        try (FileChannel folder = FileChannel.open(
                file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Not every system can; then the file's name is as safe as it is.
        }
    }

    private void requireSame(List<String> before, List<String> asked) {
        List<String> now = asked.stream().map(line -> "asked " + line).toList();
        for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
            String then = i < before.size() ? before.get(i).substring(6) : "nothing";
            String here = i < now.size() ? now.get(i).substring(6) : "nothing";
            if (!then.equals(here)) {
                throw new CommandFailure(ExitCode.FAILED, file + " is about a post that was broken"
                        + " off, and what is asked for now differs.\nThen: " + then + "\nNow: "
                        + here + "\nGive the old command again (if a file has changed, what was"
                        + " posted of it is of no use), or begin anew with --restart.", null,
                        Map.of("differs", true));
            }
        }
    }

    private void read(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "sums" -> sums.add(parseSums(words));
            case "sent" -> sent = Math.max(sent, Integer.parseInt(words[1]));
            case "done" -> readDone(words);
            case "parity" -> parity = true;
            default -> { } // Of a later version.
        }
    }

    private void readDone(String[] words) {
        int article = Integer.parseInt(words[1]);
        done.set(article);
        if (words.length > 2) { // Earlier versions wrote none.
            crcs.put(article, Integer.parseUnsignedInt(words[2], 16));
        }
        if (words.length > 3) {
            bodies.put(article, Integer.parseInt(words[3]));
        }
    }

    private static Sums parseSums(String[] words) {
        byte[] rest = HexFormat.of().parseHex(words[5].equals("-") ? "" : words[5]);
        List<SliceChecksum> slices = new ArrayList<>();
        for (int i = 6; i < words.length; i++) {
            slices.add(new SliceChecksum(Hash16.parse(words[i].substring(0, 32)),
                    Integer.parseUnsignedInt(words[i].substring(32), 16)));
        }
        return new Sums(Integer.parseInt(words[1]), Integer.parseInt(words[2]),
                new RestartableMd5.State(
                        Long.parseLong(words[3]), Hash16.parse(words[4]), rest), slices);
    }

    private void write(String line) throws IOException {
        try {
            out.write((crc(line) + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Explanation.about(file, e);
        }
    }

    /** Whether this goes on with what an earlier process began. */
    boolean isResumed() {
        return resumed;
    }

    PostSeed seed() {
        return seed;
    }

    /** The date of the articles. */
    Instant date() {
        return date;
    }

    /** The hashes known from before, in the order of articles and without gaps. */
    List<Sums> knownSums() {
        return List.copyOf(sums);
    }

    /** Articles that servers have. */
    synchronized BitSet done() {
        return (BitSet) done.clone();
    }

    /** Articles from this one on have not been sent. */
    synchronized int sent() {
        return sent;
    }

    /** Whether the file of recovery slices is complete. */
    synchronized boolean hasParity() {
        return parity;
    }

    /** To be called before an article is sent for the first time; those before it were. */
    synchronized void sending(int article) throws IOException {
        if (article >= sent) {
            sent = article + WINDOW;
            write("sent " + sent);
            out.getFD().sync();
        }
    }

    /** A server has the article. */
    synchronized void done(int article, ArticleEncoder.Encoded is) throws IOException {
        if (!done.get(article) || !crcs.containsKey(article)) {
            done.set(article);
            crcs.put(article, is.crc32());
            bodies.put(article, is.body());
            write("done " + article + " " + HexFormat.of().toHexDigits(is.crc32()) + " "
                    + is.body());
        }
    }

    /** The octets in an article's body, if it was encoded and is done. */
    synchronized OptionalInt body(int article) {
        Integer octets = bodies.get(article);
        return octets == null ? OptionalInt.empty() : OptionalInt.of(octets);
    }

    /** The CRC-32 of an article's data, if it was read and is done. */
    synchronized OptionalInt crc32(int article) {
        Integer crc = crcs.get(article);
        return crc == null ? OptionalInt.empty() : OptionalInt.of(crc);
    }

    /** Articles were hashed. */
    synchronized void sums(Sums found) throws IOException {
        StringBuilder line = new StringBuilder("sums ").append(found.first()).append(' ')
                .append(found.articles()).append(' ').append(found.md5().length()).append(' ')
                .append(found.md5().chain()).append(' ');
        byte[] rest = found.md5().rest();
        line.append(rest.length == 0 ? "-" : HexFormat.of().formatHex(rest));
        for (SliceChecksum slice : found.slices()) {
            line.append(' ').append(slice.md5())
                    .append(HexFormat.of().toHexDigits(slice.crc32()));
        }
        write(line.toString());
    }

    /** All recovery slices are on the disk. */
    synchronized void parityIsThere() throws IOException {
        parity = true;
        write("parity");
        out.getFD().sync();
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    /** Ends it: everything is posted, or nothing was. */
    synchronized void delete() throws IOException {
        out.close();
        Files.deleteIfExists(file);
    }
}

package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which parts of which files have been written, so that a fetch that was killed goes on where it
 * was. A line a part: {@code FILE ARTICLE BEGIN LENGTH CRC32 SIZE NAME}, of which the first two are
 * positions in the manifest and the last two what the yEnc header says. A line is written when its
 * part has been; nothing is forced to the disk, since whoever reads the journal believes no part
 * whose CRC-32 is another. Safe for many threads.
 */
final class Journal implements AutoCloseable {
    private static final Pattern LINE = Pattern.compile("([0-9]{1,9}) ([0-9]{1,9}) ([0-9]{1,18})"
            + " ([0-9]{1,9}) ([0-9a-f]{1,8}) ([0-9]{1,18}) ?(.*)");
    /** More than two million articles' lines. */
    private static final long MOST_OCTETS = 1L << 30;

    /** A part that has been written. */
    record Part(int file, int article, long begin, int length, int crc32, long size, String name) {
        private String line() {
            return file + " " + article + " " + begin + " " + length + " "
                    + Integer.toHexString(crc32) + " " + size + " "
                    + name.replace('\r', ' ').replace('\n', ' ') + "\n";
        }

        private static Part parse(Matcher m) {
            return new Part(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)),
                    Long.parseLong(m.group(3)), Integer.parseInt(m.group(4)),
                    Integer.parseUnsignedInt(m.group(5), 16), Long.parseLong(m.group(6)),
                    m.group(7));
        }
    }

    private final List<Part> found;
    private final FileChannel channel;
    private boolean empty;

    private Journal(List<Part> found, FileChannel channel) {
        this.found = found;
        this.channel = channel;
        this.empty = found.isEmpty();
    }

    /** Opens a journal, which is made if it is not there; what is no journal is written over. */
    static Journal open(Path file) throws IOException {
        List<Part> found = new ArrayList<>();
        long whole = 0;
        if (Files.isRegularFile(file) && Files.size(file) <= MOST_OCTETS) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            int from = 0;
            for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
                Matcher line = LINE.matcher(text.substring(from, end));
                if (!line.matches()) {
                    break;
                }
                found.add(Part.parse(line));
                from = end + 1;
            }
            whole = from;
        }
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(whole); // A last line may have been cut off.
        channel.position(whole);
        return new Journal(found, channel);
    }

    /** What it held when it was opened. */
    List<Part> found() {
        return found;
    }

    synchronized void add(Part part) throws IOException {
        ByteBuffer line = ByteBuffer.wrap(part.line().getBytes(StandardCharsets.ISO_8859_1));
        while (line.hasRemaining()) {
            channel.write(line);
        }
        empty = false;
    }

    synchronized boolean isEmpty() {
        return empty;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

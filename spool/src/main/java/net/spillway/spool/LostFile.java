package net.spillway.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import net.spillway.protocol.MessageId;

/**
 * Message-IDs of articles that were damaged or lost and have not come back yet, so that they are
 * asked for again after a restart, or after a check of a stopped relay's spool. A line each: when
 * it was lost, in epoch millis, a space, the message-ID. It is no more than a reminder: without it
 * the articles are taken all the same from whoever offers them.
 */
final class LostFile {
    static final String FILE = "spool.lost";
    /** Beyond that nobody would get through asking. */
    static final int MAX_LINES = 10_000;

    private final Path file;
    private final Clock clock;
    private int lines;

    LostFile(Path dir, Clock clock) {
        this.file = dir.resolve(FILE);
        this.clock = clock;
    }

    /**
     * What is still lost, and since when; the file forgets the rest.
     *
     * @param after for how long an article is asked for
     */
    synchronized Map<MessageId, Instant> read(Duration after, Predicate<MessageId> isLost)
            throws IOException {
        var open = new LinkedHashMap<MessageId, Instant>();
        if (!Files.exists(file)) {
            return open;
        }
        long oldest = clock.millis() - after.toMillis();
        var kept = new ArrayList<String>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            Optional<MessageId> id = idIn(line, oldest);
            if (id.isPresent() && kept.size() < MAX_LINES && isLost.test(id.get())) {
                open.put(id.get(), Instant.ofEpochMilli(millis(line)));
                kept.add(line);
            }
        }
        lines = kept.size();
        if (kept.isEmpty()) {
            Files.delete(file);
            return open;
        }
        Path fresh = file.resolveSibling(FILE + ".new");
        Files.write(fresh, kept, StandardCharsets.ISO_8859_1);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        return open;
    }

    /** The message-ID in a line that is whole, and not too old. */
    private static Optional<MessageId> idIn(String line, long oldest) {
        int space = line.indexOf(' ');
        boolean good = space > 0 && space < 19
                && line.chars().limit(space).allMatch(c -> c >= '0' && c <= '9');
        return good && millis(line) >= oldest
                ? MessageId.parse(line.substring(space + 1)) : Optional.empty();
    }

    private static long millis(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(' ')));
    }

    synchronized void add(Collection<MessageId> ids) throws IOException {
        var more = new ArrayList<String>();
        for (MessageId id : ids) {
            if (lines + more.size() < MAX_LINES) {
                more.add(clock.millis() + " " + id.value());
            }
        }
        lines += more.size();
        Files.write(file, more, StandardCharsets.ISO_8859_1, StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}

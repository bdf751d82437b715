package net.spillway.relay.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.spillway.protocol.MessageId;
import net.spillway.relay.access.PrivateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels whose articles have not come yet: they may come later, over another way. What is kept is
 * the keys that were shown for each; beyond what is borne the oldest go.
 *
 * <p>They outlast a restart in a file, to which a line {@code <message-ID> SCHEME:KEY ...} is added
 * for each, and which is written anew at the start and once it has grown. What is damaged in it is
 * passed over: a key that is not whole opens nothing. Safe for use by many threads.
 */
final class EarlyCancels {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyCancels.class);
    private static final int MOST = 10_000;
    private static final int MOST_KEYS = 32;
    private static final int MOST_KEY_OCTETS = 4096;

    private final Path file;
    private final Object writing = new Object();
    private int lines;
    private final Map<MessageId, List<CancelLock>> waiting = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<MessageId, List<CancelLock>> eldest) {
            return size() > MOST;
        }
    };

    /** @param file need not be there */
    EarlyCancels(Path file) {
        this.file = file;
        try {
            if (Files.exists(file)) {
                new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().forEach(this::read);
                writeAll();
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read, so cancels are forgotten whose articles have not come: {}",
                    file, e.toString());
        }
    }

    private void read(String line) {
        int blank = line.indexOf(' ');
        if (blank > 0) {
            MessageId.parse(line.substring(0, blank))
                    .ifPresent(id -> note(id, CancelLock.parse(line.substring(blank))));
        }
    }

    /** Remembers these keys too; {@link #keep} makes that last. */
    synchronized void note(MessageId id, List<CancelLock> keys) {
        waiting.merge(id, keys, EarlyCancels::both);
    }

    /** All keys, but no more than anybody needs: a false one must not drive out a true one. */
    private static List<CancelLock> both(List<CancelLock> known, List<CancelLock> more) {
        List<CancelLock> both = new ArrayList<>(known);
        int octets = known.stream().mapToInt(key -> key.toString().length()).sum();
        for (CancelLock key : more) {
            octets += key.toString().length();
            if (both.size() < MOST_KEYS && octets <= MOST_KEY_OCTETS && !both.contains(key)) {
                both.add(key);
            }
        }
        return both;
    }

    /** Forgets the keys for that article and gives them; none if there are none. */
    synchronized List<CancelLock> take(MessageId id) {
        List<CancelLock> keys = waiting.remove(id);
        return keys == null ? List.of() : keys;
    }

    private synchronized String line(MessageId id) {
        List<CancelLock> keys = waiting.get(id);
        return keys == null ? "" : line(id, keys);
    }

    private static String line(MessageId id, List<CancelLock> keys) {
        StringBuilder line = new StringBuilder(id.value());
        keys.forEach(key -> line.append(' ').append(key));
        return line.append('\n').toString();
    }

    /** What is noted for that article outlasts a restart. Waits for the disk. */
    void keep(MessageId id) {
        synchronized (writing) {
            try {
                if (++lines > 2 * MOST) {
                    writeAll();
                } else {
                    Files.writeString(file, line(id), StandardCharsets.UTF_8,
                            StandardOpenOption.CREATE, StandardOpenOption.APPEND,
                            StandardOpenOption.DSYNC);
                }
            } catch (IOException e) {
                LOG.warn("{} cannot be written, so a cancel is forgotten at the next restart: {}",
                        file, e.toString());
            }
        }
    }

    private void writeAll() throws IOException {
        StringBuilder all = new StringBuilder();
        synchronized (this) {
            waiting.forEach((id, keys) -> all.append(line(id, keys)));
            lines = waiting.size();
        }
        PrivateFile.replace(file, all.toString().getBytes(StandardCharsets.UTF_8));
    }
}

package net.spillway.tools.cli;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import net.spillway.fec.ProgressListener;
import net.spillway.tools.progress.Progress;

/**
 * Shows each phase of work on parity as a stage of its own, also when it is taken up again after
 * another: counted is then what is new, or it would seem to have gone impossibly fast.
 */
final class Par2Progress implements ProgressListener, AutoCloseable {
    private final Progress progress;
    private final Map<Phase, Long> before = new EnumMap<>(Phase.class);
    private Phase current;
    private long last;
    private Progress.Task task;

    Par2Progress(Progress progress) {
        this.progress = progress;
    }

    @Override
    public synchronized void progress(Phase phase, long done, long total) {
        if (phase != current) {
            close();
            if (current != null) {
                before.put(current, last);
            }
            current = phase;
            task = progress.start(phase.name().toLowerCase(Locale.ROOT), 0, Progress.Unit.BYTES);
        }
        last = done;
        long earlier = before.getOrDefault(phase, 0L);
        task.total(total - earlier);
        task.at(done - earlier);
    }

    /** Says what the user should know in any case. */
    void warn(String line) {
        progress.warn(Terminal.safe(line));
    }

    /** Says what the user may want to know. */
    void note(String line) {
        progress.note(Terminal.safe(line));
    }

    @Override
    public synchronized void close() {
        if (task != null) {
            task.close();
        }
    }
}

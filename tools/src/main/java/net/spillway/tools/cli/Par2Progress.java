package net.spillway.tools.cli;

import java.util.Locale;
import net.spillway.fec.ProgressListener;
import net.spillway.tools.progress.Progress;

/** Shows each phase of work on parity as a stage of its own. */
final class Par2Progress implements ProgressListener, AutoCloseable {
    private final Progress progress;
    private Phase current;
    private Progress.Task task;

    Par2Progress(Progress progress) {
        this.progress = progress;
    }

    @Override
    public synchronized void progress(Phase phase, long done, long total) {
        if (phase != current) {
            close();
            current = phase;
            task = progress.start(
                    phase.name().toLowerCase(Locale.ROOT), total, Progress.Unit.BYTES);
        }
        task.total(total);
        task.at(done);
    }

    @Override
    public synchronized void close() {
        if (task != null) {
            task.close();
        }
    }
}

package net.spillway.tools.cli;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.spillway.fec.ProgressListener;
import net.spillway.tools.progress.Progress;

/**
 * Shows each phase of work on parity as a stage of its own, also when it is taken up again after
 * another: counted is then what is new, or it would seem to have gone impossibly fast. Phases that
 * take turns many times are shown side by side.
 */
final class Par2Progress implements ProgressListener, AutoCloseable {
    private static final Set<Phase> IN_TURNS = EnumSet.of(Phase.COMPUTING, Phase.WRITING);

    private final Progress progress;
    private final Map<Phase, Stage> open = new EnumMap<>(Phase.class);
    private final Map<Phase, Long> before = new EnumMap<>(Phase.class);

    /** A phase that is shown, and how far it was when it was taken up. */
    private static final class Stage {
        private final Progress.Task task;
        private final long earlier;
        private long last;

        Stage(Progress.Task task, long earlier) {
            this.task = task;
            this.earlier = earlier;
        }
    }

    Par2Progress(Progress progress) {
        this.progress = progress;
    }

    @Override
    public synchronized void progress(Phase phase, long done, long total) {
        Stage stage = open.get(phase);
        if (stage == null) {
            if (!IN_TURNS.contains(phase) || !IN_TURNS.containsAll(open.keySet())) {
                close();
            }
            stage = begin(phase, done);
        }
        stage.last = done;
        stage.task.total(total - stage.earlier);
        stage.task.at(Math.max(0, done - stage.earlier));
    }

    private Stage begin(Phase phase, long done) {
        long earlier = before.getOrDefault(phase, 0L);
        Stage stage = new Stage(
                progress.start(phase.name().toLowerCase(Locale.ROOT), 0, Progress.Unit.BYTES),
                earlier <= done ? earlier : 0); // It may also begin anew.
        open.put(phase, stage);
        return stage;
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
        open.forEach((phase, stage) -> {
            before.put(phase, stage.last);
            stage.task.close();
        });
        open.clear();
    }
}

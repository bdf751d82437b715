package net.spillway.tools.fetch;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import net.spillway.tools.progress.Progress;

/** Gets articles from the mirrors, each of them once, and shows how that goes. */
final class ArticleGetter {
    private static final long EVENT_PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final MirrorSet mirrors;
    private final MirrorAnswers answers;
    private final Progress progress;
    private final Consumer<Map<String, Object>> events;
    private final Set<Wanted> tried = new HashSet<>();
    private final RecentRates rates = new RecentRates();
    private long lastTold = System.nanoTime();

    ArticleGetter(MirrorSet mirrors, Progress progress, Consumer<Map<String, Object>> events) {
        this.mirrors = mirrors;
        this.answers = mirrors.answers();
        this.progress = progress;
        this.events = events;
    }

    /** Whether all of these have been asked for, with whatever outcome. */
    boolean hasTried(Collection<Wanted> articles) {
        return tried.containsAll(articles);
    }

    /** How many of these were asked for and did not come. */
    long notGot(Collection<Wanted> among) {
        return among.stream().filter(w -> tried.contains(w) && !w.done).count();
    }

    /** @param what says what these are, for people; those that were tried before are left out */
    void get(String what, List<Wanted> wanted) throws InterruptedException {
        get(what, wanted, List::of);
    }

    void get(String what, List<Wanted> wanted, MirrorSet.Watcher watcher)
            throws InterruptedException {
        get(what, wanted, List.of(), watcher);
    }

    /** @param next what is wanted then, see {@link MirrorSet#fetch} */
    void get(String what, List<Wanted> wanted, List<Wanted> next,
            MirrorSet.Watcher watcher) throws InterruptedException {
        List<Wanted> fresh = wanted.stream().filter(w -> tried.add(w) && !w.done).toList();
        if (fresh.isEmpty()) {
            return;
        }
        AtomicLong bytes = new AtomicLong(bytes(fresh));
        try (Progress.Task task = progress.start(what, bytes.get(), Progress.Unit.BYTES)) {
            task.panel(columns -> Panel.lines(answers, rates, wanted, columns));
            mirrors.fetch(fresh, next, task, () -> {
                tellProgress(what, wanted);
                List<Wanted> more = watcher.more().stream().filter(tried::add).toList();
                if (!more.isEmpty()) {
                    task.total(bytes.addAndGet(bytes(more)));
                }
                return more;
            });
        }
    }

    private static long bytes(List<Wanted> articles) {
        return articles.stream().mapToLong(Wanted::bytes).sum();
    }

    /** Once a second. */
    private void tellProgress(String what, List<Wanted> wanted) {
        if (System.nanoTime() - lastTold < EVENT_PAUSE) {
            return;
        }
        lastTold = System.nanoTime();
        MirrorAnswers.Counts counts = answers.counts(wanted);
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event", "progress");
        event.put("stage", what);
        event.put("here", counts.came());
        event.put("coming", counts.asked());
        event.put("lost", counts.lost());
        event.put("toCome", counts.waiting());
        event.put("mirrors", answers.reports());
        events.accept(event);
    }
}

package net.spillway.tools.fetch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.progress.Progress;

/**
 * All mirrors, and who asks which of them for what.
 *
 * <p>Articles that nobody is being asked for wait in queues, one for each combination of mirrors
 * that have said no to what is in it; so a connection finds something its mirror may have, and
 * finds first what others lack, without looking through what it has refused already. Mirrors that
 * are fast come back for more sooner: that is all the balancing there is. Only when the queues have
 * nothing for a connection does it take over what another mirror has owed for too long. Mirrors of
 * a higher level find only what all of lower levels have refused that are alive.
 *
 * <p>All connections are opened at once, while those who will want something from them find out
 * what. Should that fail before anybody does, nothing is made of it, and it is tried anew then,
 * unless it was refused for good. Those that nobody wanted anything from for long are opened anew.
 *
 * <p>What mirrors have is learnt in bulk besides ({@link #survey}): the first connection to each
 * mirror asks about everything before it asks for anything.
 *
 * <p>{@link #fetch} ends when every article came or can't be had: all mirrors have said no, or
 * those that have not are given up (see {@link Mirror}).
 */
final class MirrorSet implements AutoCloseable {
    private static final long OWED_TOO_LONG = TimeUnit.MILLISECONDS.toNanos(1500);
    /** Those who are only there to fill gaps wait longer before they step in. */
    private static final long OWED_TOO_LONG_FOR_FILL = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(200);
    /** Round trips from which on it is worth asking for what is not quite wanted yet. */
    private static final Duration FAR = Duration.ofMillis(20);
    private static final long LEAST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int BREAKS_ALLOWED = 3;
    private static final int SURVEYS_TRIED = 2;
    /** Servers close connections on which nothing is said for so long, most of them much later. */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(20);

    private final List<Mirror> mirrors = new ArrayList<>();
    private final List<MirrorConnection> connections = new ArrayList<>();
    private final FetchRequest request;
    private final Progress progress;
    /** So long a mirror is asked for nothing while it says what it has; then both go on. */
    private final long surveyFirst;
    private final long longestIdle;
    private final long far;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArticleQueues queues = new ArticleQueues();
    private final AskedAhead ahead = new AskedAhead();
    private final Set<Wanted> inFlight = new LinkedHashSet<>();
    private final MirrorAnswers answers;
    private List<Wanted> surveyed = List.of();
    /** Of how many articles mirrors have said whether they have them, all mirrors together. */
    private long learnt;
    private long lastAnswer = System.nanoTime();
    private long idleSince = lastAnswer;
    private int open;
    private boolean closed;
    /** Whether anything has been wanted of mirrors yet. */
    private boolean begun;
    /** A RuntimeException or an Error. */
    private Optional<Throwable> failure = Optional.empty();
    private Progress.Task task;
    /** Whether the task says what keeps us from all mirrors. */
    private boolean troubleTold;

    MirrorSet(FetchRequest request, Progress progress) {
        this(request, progress, LONGEST_IDLE, FAR);
    }

    /**
     * @param longestIdle after which a connection is not trusted any more, but opened anew
     * @param far see {@link #FAR}
     */
    MirrorSet(FetchRequest request, Progress progress, Duration longestIdle, Duration far) {
        this.longestIdle = longestIdle.toNanos();
        this.far = far.toNanos();
        this.request = request;
        this.progress = progress;
        surveyFirst = request.survey().toNanos() * 2 / 3;
        request.from().forEach(spec -> mirrors.add(new Mirror(spec, mirrors.size())));
        answers = new MirrorAnswers(lock, mirrors);
        for (Mirror mirror : mirrors) {
            int n = mirror.spec.connections() > 0
                    ? mirror.spec.connections() : request.connections();
            for (int i = 0; i < n; i++) {
                connections.add(new MirrorConnection(this, mirror, request));
            }
        }
        connections.forEach(MirrorConnection::start);
    }

    /** Looks at how a fetch goes, at every turn of it, and may want more. */
    @FunctionalInterface
    interface Watcher {
        /** What it throws ends the fetch. */
        Collection<Wanted> more();
    }

    /** What is known of who has what, at any time. */
    MirrorAnswers answers() {
        return answers;
    }

    /** Has every mirror asked which of these it has, from now on. To be called once. */
    void survey(List<Wanted> all) {
        lock.lock();
        try {
            begin();
            surveyed = all.stream().filter(w -> !w.done).toList();
            for (Mirror mirror : mirrors) {
                mirror.survey = surveyed.isEmpty() ? Mirror.Survey.DONE : Mirror.Survey.WANTED;
            }
            lastAnswer = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            mirrors.stream().filter(Mirror::isGivenUp).forEach(m -> tellGivenUp(m.lastError));
        }
    }

    private void tellGivenUp(String why) {
        progress.note("mirror given up for now: " + why);
    }

    private void throwFailure() {
        if (failure.isPresent()) {
            switch (failure.get()) {
                case Error e -> throw e;
                case RuntimeException e -> throw e;
                case Throwable e -> throw new AssertionError(e);
            }
        }
    }

    /**
     * Waits until all mirrors said what they have, or cannot be asked.
     *
     * @param asking is told of how many articles they said it, all mirrors together
     */
    void awaitSurvey(Progress.Task asking) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (failure.isEmpty() && mirrors.stream().anyMatch(Mirror::isBeingSurveyed)) {
                asking.at(learnt);
                changed.awaitNanos(LOOK_AGAIN);
            }
            throwFailure();
            surveyed.forEach(this::giveUp);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all mirrors said what they have, or cannot be asked, or time is up. */
    void awaitSurvey(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        lock.lockInterruptibly();
        try {
            long left = atMost.toNanos();
            while (failure.isEmpty() && left > 0
                    && mirrors.stream().anyMatch(Mirror::isBeingSurveyed)) {
                changed.awaitNanos(Math.min(left, LOOK_AGAIN));
                left = end - System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gets these articles, those handed in before and not got included.
     *
     * @param task told of their sizes as they are settled
     */
    void fetch(Collection<Wanted> wanted, Progress.Task task) throws InterruptedException {
        fetch(wanted, task, List::of);
    }

    /** As above; what the watcher wants is got along with the rest. */
    void fetch(Collection<Wanted> wanted, Progress.Task task, Watcher watcher)
            throws InterruptedException {
        fetch(wanted, List.of(), task, watcher);
    }

    /**
     * The same if something else is going to be wanted next: a mirror far away is asked for that
     * too, by connections that would be idle for a round trip or more.
     *
     * @param next what that is; nothing of it is taken before the watcher of a fetch without next
     *     was asked, unless only connections that hold answers back are left to get what is wanted
     */
    void fetch(Collection<Wanted> wanted, Collection<Wanted> next, Progress.Task task,
            Watcher watcher) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            begin();
            boolean last = next.isEmpty();
            if (last) {
                ahead.follow();
            } else {
                ahead.lead(canBeAskedAhead(next));
            }
            this.task = task;
            troubleTold = false;
            wanted.forEach(this::open);
            lastAnswer += System.nanoTime() - idleSince; // Nobody was asked for anything.
            changed.signalAll();
            while (failure.isEmpty() && open > 0 && !isHopeless()) {
                tellWhyNothingComes();
                ask(watcher).forEach(this::open);
                if (last) {
                    takeWhatCame();
                }
                if (failure.isEmpty() && open > 0) {
                    changed.awaitNanos(LOOK_AGAIN);
                }
            }
            throwFailure();
        } finally {
            leaveTheRest();
            idleSince = System.nanoTime();
            lock.unlock();
        }
    }

    /** What was the matter before there was a task to say so, or that no mirror gives anything. */
    private void tellWhyNothingComes() {
        if (troubleTold) {
            return;
        }
        long now = System.nanoTime();
        if (mirrors.stream().allMatch(m -> m.openConnections == 0)) {
            mirrors.stream().map(m -> m.lastError).filter(error -> !error.isEmpty()).findFirst()
                    .ifPresent(this::tellTrouble);
        } else if (mirrors.stream().allMatch(m -> m.openConnections == 0 || m.isSilent(now))) {
            mirrors.stream().filter(m -> m.isSilent(now)).findFirst()
                    .ifPresent(m -> tellTrouble(m.address
                            + ": no article has come for some seconds"));
        }
    }

    private void tellTrouble(String words) {
        task.detail(words);
        troubleTold = true;
    }

    /** Without the lock: whoever is told what happens may be slow to hear it. */
    private Collection<Wanted> ask(Watcher watcher) {
        lock.unlock();
        try {
            return watcher.more();
        } finally {
            lock.lock();
        }
    }

    private void open(Wanted w) {
        if (!w.done && !w.open) {
            w.open = true;
            open++;
            denyTooOld(w);
            if (w.inFlight == 0) { // Else it was asked for ahead.
                queue(w);
            }
        }
    }

    /** Of several mirrors none is asked for anything before it said what it has. */
    private List<Wanted> canBeAskedAhead(Collection<Wanted> next) {
        List<Wanted> can = mirrors.size() > 1 ? List.of() : next.stream()
                .filter(w -> !w.done && !w.open && w.inFlight == 0).toList();
        can.forEach(this::denyTooOld);
        return can;
    }

    private void takeWhatCame() {
        if (ahead.release()) {
            changed.signalAll();
        }
    }

    /**
     * Waits until what comes next on a connection may be taken.
     *
     * @return whether it had to wait
     * @throws InterruptedException also if all is closed before: then it is not taken
     */
    boolean awaitTaking(Wanted w, Mirror mirror) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            boolean waited = ahead.isHeldBack(w);
            while (ahead.isHeldBack(w)) {
                if (closed) {
                    throw new InterruptedException("closed");
                }
                if (ahead.isLeading() && queued(mirror).isPresent()) {
                    takeWhatCame(); // Who had that lost it, and all others may be waiting here.
                } else {
                    changed.await();
                }
            }
            return waited;
        } finally {
            lock.unlock();
        }
    }

    /** What is older than a mirror keeps articles is not asked of it. */
    private void denyTooOld(Wanted w) {
        long date = w.file().entry().date();
        for (Mirror mirror : mirrors) {
            boolean tooOld = date > 0 && mirror.spec.retention().filter(keeps ->
                    Instant.ofEpochSecond(date).plus(keeps).isBefore(Instant.now())).isPresent();
            if (tooOld) {
                w.denied |= mirror.bit();
            }
        }
    }

    // --- what mirrors have ----------------------------------------------------------------------

    /** Whether this connection is to ask its mirror what it has. */
    Optional<List<Wanted>> beginSurvey(Mirror mirror) {
        lock.lock();
        try {
            if (closed || mirror.survey != Mirror.Survey.WANTED) {
                return Optional.empty();
            }
            mirror.survey = Mirror.Survey.RUNNING;
            mirror.surveyedAt = System.nanoTime();
            return Optional.of(surveyed);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A mirror said which of these it has.
     *
     * @return false if nobody wants to know more
     */
    boolean learnt(Mirror mirror, List<Wanted> of, BitSet held) {
        lock.lock();
        try {
            answered(mirror);
            learnt += of.size();
            for (int i = held.nextClearBit(0); i < of.size(); i = held.nextClearBit(i + 1)) {
                Wanted w = of.get(i);
                if (w.done || (w.denied & mirror.bit()) != 0) {
                    continue;
                }
                mirror.absent++;
                boolean queued = queues.remove(w);
                w.denied |= mirror.bit();
                if (queued) {
                    queue(w);
                }
            }
            answers.grow();
            changed.signalAll();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** The mirror has been asked about everything. */
    void surveyEnded(Mirror mirror, boolean complete) {
        lock.lock();
        try {
            mirror.survey = complete ? Mirror.Survey.DONE : Mirror.Survey.IMPOSSIBLE;
            answers.grow();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void surveyBroke(Mirror mirror) {
        if (mirror.survey == Mirror.Survey.RUNNING) {
            mirror.survey = ++mirror.surveyFailures < SURVEYS_TRIED
                    ? Mirror.Survey.WANTED : Mirror.Survey.IMPOSSIBLE;
            answers.grow();
        }
    }

    /** One mirror needs no such order: what it lacks is lacking anyway. */
    private boolean isFirstSurveyed(Mirror mirror, long now) {
        return mirror.survey == Mirror.Survey.RUNNING && mirrors.size() > 1
                && now - mirror.surveyedAt < surveyFirst;
    }

    /** Whether nothing is under way, and nobody is left who might have what is waiting. */
    private boolean isHopeless() {
        boolean nobody = mirrors.stream().allMatch(Mirror::isGivenUp)
                && !mirrors.stream().allMatch(m -> m.isShut() // Those need no patience.
                        || m.spec.optional());
        boolean patient = System.nanoTime() - lastAnswer < request.patience().toNanos();
        if (!inFlight.isEmpty() || nobody && patient) {
            return false;
        }
        return queues.allRefused(by -> mirrors.stream().allMatch(
                m -> (by & m.bit()) != 0 || m.isGivenUp()));
    }

    private void leaveTheRest() {
        queues.drain(w -> {
            w.open = false;
            giveUp(w);
        });
        open = 0;
    }

    /** Only mirrors that are given up can still be asked for it. */
    private void giveUp(Wanted w) {
        if (!w.done) {
            w.unanswered |= answers.mattering(answers.dead() & ~w.denied);
        }
    }

    private void queue(Wanted w) {
        if (answers.isRefused(w)) {
            settle(w);
        } else {
            queues.add(w);
        }
        changed.signalAll();
    }

    private void settle(Wanted w) {
        if (w.open) {
            w.open = false;
            open--;
            task.advance(w.bytes());
            changed.signalAll();
        }
    }

    /** Waits until there may be something for this mirror to do; false when it is all over. */
    boolean awaitWork(Mirror mirror) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && (mirror.backOff(System.nanoTime()) > 0
                    || mirror.survey != Mirror.Survey.WANTED && find(mirror).isEmpty())) {
                changed.awaitNanos(pause(mirror, System.nanoTime()));
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** What happens is told; so only what time brings has to be looked for. */
    private long pause(Mirror mirror, long now) {
        long back = mirror.backOff(now);
        long survey = mirror.surveyedAt + surveyFirst - now;
        long next = back > 0 ? back
                : mirror.survey == Mirror.Survey.RUNNING && survey > 0 ? survey : LOOK_AGAIN;
        return Math.clamp(next, LEAST_PAUSE, LOOK_AGAIN);
    }

    /**
     * The next article to ask this mirror for, now under way; empty if there is none just now.
     *
     * @param alone whether nothing else is owed on the connection; only then one over which a
     *         connection broke before, so that it is known which one it is
     */
    Optional<Wanted> next(Mirror mirror, boolean alone) {
        lock.lock();
        try {
            Optional<Wanted> found = closed ? Optional.<Wanted>empty()
                    : find(mirror).filter(w -> alone || !w.isSuspect());
            found.ifPresent(w -> {
                if (!ahead.ask(w)) {
                    queues.remove(w);
                    if (ahead.isLeading() && !alone) {
                        takeWhatCame(); // Else it could come behind what is held back for it.
                    }
                }
                if (mirror.inFlight++ == 0) {
                    mirror.lastReply = System.nanoTime();
                }
                w.inFlight++;
                w.asked |= mirror.bit();
                w.askedAt = System.nanoTime();
                inFlight.remove(w);
                inFlight.add(w);
            });
            return found;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Wanted> find(Mirror mirror) {
        long now = System.nanoTime();
        if (isFirstSurveyed(mirror, now)) {
            return Optional.empty();
        }
        return queued(mirror)
                .or(() -> mirror.roundTrip() >= far ? ahead.first(mirror) : Optional.empty())
                .or(() -> owedTooLong(mirror, now));
    }

    private Optional<Wanted> queued(Mirror mirror) {
        return queues.first(mirror.bit(), askedBefore(mirror, System.nanoTime()));
    }

    /** Mirrors of lower levels from which an answer can be hoped for. */
    private long askedBefore(Mirror mirror, long now) {
        if (mirror.spec.level() == MirrorSpec.MAIN) {
            return 0;
        }
        return mirrors.stream().filter(m -> m.spec.level() < mirror.spec.level()
                && !m.isGivenUp() && !m.isSilent(now)).mapToLong(Mirror::bit)
                .reduce(0, (a, b) -> a | b);
    }

    private Optional<Wanted> owedTooLong(Mirror mirror, long now) {
        long tooLong = mirror.spec.level() == MirrorSpec.MAIN
                ? OWED_TOO_LONG : OWED_TOO_LONG_FOR_FILL;
        for (Wanted w : inFlight) {
            if (now - w.askedAt < tooLong) {
                break; // They are in the order in which they were asked for.
            }
            if (w.open && w.inFlight == 1 && !w.done
                    && ((w.asked | w.denied) & mirror.bit()) == 0) {
                return Optional.of(w);
            }
        }
        return Optional.empty();
    }

    /** The article came, and is good. */
    void came(Wanted w, Mirror mirror, double seconds) {
        lock.lock();
        try {
            answered(mirror);
            mirror.articles++;
            mirror.tookSeconds(seconds);
            w.done = true;
            landed(w, mirror);
            settle(w);
        } finally {
            lock.unlock();
        }
    }

    /** The article came after another mirror's copy. */
    void cameAgain(Wanted w, Mirror mirror) {
        lock.lock();
        try {
            answered(mirror);
            landed(w, mirror);
        } finally {
            lock.unlock();
        }
    }

    /** The mirror has no such article, or a bad one: it is not asked for it again. */
    void denied(Wanted w, Mirror mirror, boolean corrupt) {
        lock.lock();
        try {
            answered(mirror);
            if (corrupt) {
                mirror.corrupt++;
            } else {
                mirror.misses++;
            }
            w.denied |= mirror.bit();
            answers.grow();
            landed(w, mirror);
            again(w);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A connection broke.
     *
     * @param owed what it still owed; the first of these may be why it broke, or, as a reset takes
     *         with it what was not yet read, one behind it
     */
    void broke(Mirror mirror, List<Wanted> owed, NntpException why) {
        lock.lock();
        try {
            if (!begun && !why.isFinal()) {
                return;
            }
            boolean givenUp = mirror.isGivenUp();
            mirror.failed(why);
            surveyBroke(mirror);
            answers.grow();
            if (task != null && mirrors.stream().allMatch(m -> m.openConnections == 0)) {
                tellTrouble(why.getMessage());
            }
            if (begun && !givenUp && mirror.isGivenUp() && !closed) {
                tellGivenUp(why.getMessage());
            }
            for (int i = 0; i < owed.size(); i++) {
                Wanted w = owed.get(i);
                if (i == 0 && ++w.breaks >= BREAKS_ALLOWED) {
                    w.denied |= mirror.bit();
                    w.unanswered |= answers.mattering(mirror.bit());
                }
                landed(w, mirror);
                again(w);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void answered(Mirror mirror) {
        mirror.answered();
        if (troubleTold) {
            troubleTold = false;
            task.detail("");
        }
        lastAnswer = System.nanoTime();
    }

    private void landed(Wanted w, Mirror mirror) {
        w.inFlight--;
        mirror.inFlight--;
        w.asked &= ~mirror.bit();
        if (w.inFlight == 0) {
            inFlight.remove(w);
            changed.signalAll();
        }
    }

    private void again(Wanted w) {
        if (w.open && !w.done && w.inFlight == 0) {
            queue(w);
        }
    }

    /** @param roundTrip nanoseconds */
    void connected(Mirror mirror, long roundTrip) {
        lock.lock();
        try {
            mirror.tookRoundTrip(roundTrip);
            mirror.openConnections++;
        } finally {
            lock.unlock();
        }
    }

    void disconnected(Mirror mirror) {
        lock.lock();
        try {
            mirror.openConnections--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a mirror that refused a connection serves others of ours: this is one too many. */
    boolean isOneTooMany(Mirror mirror, NntpException why) {
        lock.lock();
        try {
            return why instanceof NntpException.Refused && mirror.openConnections > 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits as long as a connection that was one too many should: {@code pause}, but not while the
     * mirror has no connection of ours, nor when all is over.
     */
    void rest(Mirror mirror, Duration pause) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = pause.toNanos();
            while (!closed && mirror.openConnections > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    int depth(Mirror mirror) {
        lock.lock();
        try {
            return mirror.depth();
        } finally {
            lock.unlock();
        }
    }

    /** Nanoseconds of the shortest way to a mirror and back. */
    long roundTrip(Mirror mirror) {
        lock.lock();
        try {
            return mirror.roundTrip();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the mirror may have closed a connection on which nothing was said for so long. */
    boolean isStale(long nanos) {
        return nanos >= longestIdle;
    }

    /** Something is wrong on our side: {@link #fetch} throws this. */
    void fail(RuntimeException e) {
        failWith(e);
    }

    /** The same where all of us lack something, such as memory. */
    void fail(Error e) {
        failWith(e);
    }

    private void failWith(Throwable e) {
        lock.lock();
        try {
            if (failure.isEmpty()) {
                failure = Optional.of(e);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes all connections; what is under way is dropped. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        connections.forEach(MirrorConnection::close);
        connections.forEach(MirrorConnection::join);
    }
}

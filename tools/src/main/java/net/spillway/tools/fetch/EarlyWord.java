package net.spillway.tools.fetch;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Says what can come of a fetch as soon as mirrors have said what they have, ends it if that is
 * certain to be too little, and else looks again whenever something is learnt.
 */
final class EarlyWord implements MirrorSet.Watcher {
    /** So long the mirrors have to say what they have before something is said about it. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    private final MirrorAnswers answers;
    private final boolean goOn;
    private final Consumer<Outlook> said;
    private final Supplier<Outlook> outlook;
    private final Function<Outlook, Collection<Wanted>> choice;
    private final long began = System.nanoTime();
    private long seen = -1;
    private long looked;
    private boolean told;

    /** Thrown when it is certain that not enough is there. */
    static final class Hopeless extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Outlook outlook;

        private Hopeless(Outlook outlook) {
            super(outlook.line());
            this.outlook = outlook;
        }

        Outlook outlook() {
            return outlook;
        }
    }

    /**
     * A watch.
     *
     * @param goOn whether to go on though it is certain that not enough is there
     * @param said is told the outlook, once it is known or a second has passed
     * @param outlook what is known now
     * @param choice what to fetch besides, once mirrors have said what they have
     */
    EarlyWord(MirrorAnswers answers, boolean goOn, Consumer<Outlook> said,
            Supplier<Outlook> outlook, Function<Outlook, Collection<Wanted>> choice) {
        this.answers = answers;
        this.goOn = goOn;
        this.said = said;
        this.outlook = outlook;
        this.choice = choice;
    }

    @Override
    public Collection<Wanted> more() {
        long now = System.nanoTime();
        long changes = answers.changes();
        if (told && changes == seen || now - looked < PAUSE) {
            return List.of();
        }
        looked = now;
        seen = changes;
        boolean known = answers.isSurveyed();
        Outlook found = outlook.get();
        if (known || now - began > PATIENCE) {
            tell(found);
        }
        boolean certain = !goOn && answers.surveyed().stream().allMatch(a -> a);
        if (certain && !found.isRecoverable()) {
            throw new Hopeless(found);
        }
        return known ? choice.apply(found) : List.of();
    }

    /** All came or is lost, perhaps before anything was said. */
    void end() {
        tell(outlook.get());
    }

    private void tell(Outlook found) {
        if (!told) {
            told = true;
            said.accept(found);
        }
    }
}

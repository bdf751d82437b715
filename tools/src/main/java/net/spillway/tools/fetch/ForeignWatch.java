package net.spillway.tools.fetch;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import net.spillway.fec.Par2Set;
import net.spillway.fec.ParFile;

/**
 * Watches a manifest of somebody else's being fetched, and says early what can come of it. Which
 * slices an article carries is not known before it has come; but lost octets lie in no fewer slices
 * than they would fill, and volumes have no more recovery slices than their names promise. So it is
 * only ever certain that there is too little.
 */
final class ForeignWatch implements MirrorSet.Watcher {
    /** The manifest's sizes are believed if they come near what the set says, encoded or not. */
    private static final double LEAST_RATIO = 0.9;
    private static final double MOST_RATIO = 1.25;

    private final Sources sources;
    private final MirrorAnswers answers;
    private final List<ParitySet> sets;
    private final List<Wanted> data;
    private final EarlyWord word;

    /**
     * A watch.
     *
     * @param sets of which something is known
     * @param data the articles that are to be fetched
     * @param goOn see {@link EarlyWord}
     * @param said see there
     */
    ForeignWatch(Sources sources, MirrorAnswers answers, List<ParitySet> sets, List<Wanted> data,
            boolean goOn, Consumer<Outlook> said) {
        this.sources = sources;
        this.answers = answers;
        this.sets = List.copyOf(sets);
        this.data = data;
        this.word = new EarlyWord(answers, goOn, said, this::outlook, found -> List.of());
    }

    @Override
    public Collection<Wanted> more() {
        return word.more();
    }

    /** To be called when nothing more will come. */
    void end() {
        word.end();
    }

    private Outlook outlook() {
        List<Wanted> lost = answers.lost(data);
        if (sources.parity().isEmpty()) {
            // Each lost article is something that nothing makes good.
            return new Outlook(data.size(), lost.size(), 0, lost.size(), 0, true);
        }
        if (sets.size() != 1) {
            return new Outlook(data.size(), lost.size(), 0, 0, 0, true);
        }
        Par2Set set = sets.getFirst().set();
        return new Outlook(data.size(), lost.size(), set.sliceCount(), leastSlices(set, lost),
                mostRecovery(set), true);
    }

    private int leastSlices(Par2Set set, List<Wanted> lost) {
        double octets = set.files().stream().mapToLong(ParFile::length).sum();
        double ratio = bytes(data) / Math.max(1, octets);
        if (ratio < LEAST_RATIO || ratio > MOST_RATIO) {
            return 0; // Sizes are said in some other way, or most is in no set.
        }
        return (int) Math.min(set.sliceCount(),
                Math.ceil(bytes(lost) / Math.max(1, ratio) / set.sliceSize()));
    }

    private static long bytes(List<Wanted> articles) {
        return articles.stream().mapToLong(Wanted::bytes).sum();
    }

    /** A volume of which some article is there counts as if all were. */
    private int mostRecovery(Par2Set set) {
        return sources.recoveryUnits(set).stream()
                .filter(unit -> answers.lost(unit.articles()).size() < unit.articles().size())
                .mapToInt(Sources.RecoveryUnit::slices).sum();
    }
}

package net.spillway.tools.fetch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Watches a manifest of ours being fetched: has recovery slices fetched along with the data, one
 * for each slice that is known to be lost, and says early what can come of it.
 */
final class ParityWatch implements MirrorSet.Watcher {
    /** Slices that may be lost besides, and still be solved for without reading again. */
    private static final int SPARE = 2;
    private static final int SPARE_SHARE = 20;

    private final Sources sources;
    private final MirrorAnswers answers;
    private final List<TargetFile> files;
    private final List<Wanted> data;
    private final Map<TargetFile, SliceMap> slices = new HashMap<>();
    private final EarlyWord word;
    private final Set<Sources.RecoveryUnit> chosen = new HashSet<>();

    /**
     * A watch.
     *
     * @param files the data that is to be fetched
     * @param goOn see {@link EarlyWord}
     * @param said see there
     */
    ParityWatch(Sources sources, MirrorAnswers answers, List<TargetFile> files, boolean goOn,
            Consumer<Outlook> said) {
        this.word = new EarlyWord(answers, goOn, said, this::outlook,
                found -> choose(found.lostSlices()));
        this.sources = sources;
        this.answers = answers;
        this.files = files;
        this.data = files.stream().flatMap(f -> f.wanted().stream()).toList();
        files.forEach(f -> slices.put(f, sources.slicesOf(f)));
    }

    @Override
    public Collection<Wanted> more() {
        return word.more();
    }

    /** What is known now. */
    Outlook outlook() {
        List<Wanted> lost = answers.lost(data);
        Map<TargetFile, List<Wanted>> byFile =
                lost.stream().collect(Collectors.groupingBy(Wanted::file));
        int lostSlices = 0;
        for (Map.Entry<TargetFile, List<Wanted>> file : byFile.entrySet()) {
            SliceMap map = slices.get(file.getKey());
            // Where it cannot be told, an article is taken for a slice.
            lostSlices += map.isKnown() ? map.slicesOf(file.getValue()).cardinality()
                    : Math.min(map.slices(), file.getValue().size());
        }
        int all = files.stream().mapToInt(f -> slices.get(f).slices()).sum();
        return new Outlook(data.size(), lost.size(), all, lostSlices,
                available().stream().mapToInt(Sources.RecoveryUnit::slices).sum(), false);
    }

    /**
     * Which recovery slices will be fetched as far as is known by now, those that are lost for
     * certain being so many; and some that would be next.
     */
    int[] exponents() {
        int needed = outlook().lostSlices();
        List<Sources.RecoveryUnit> available = new ArrayList<>(available());
        if (available.stream().mapToInt(Sources.RecoveryUnit::slices).sum() < needed) {
            return new int[0]; // There will be nothing to solve.
        }
        Set<Sources.RecoveryUnit> first = RecoveryChoice.of(available, needed);
        available.removeAll(first);
        int spare = needed == 0 ? 0 : Math.min(available.size(), SPARE + needed / SPARE_SHARE);
        return Stream.concat(first.stream(), available.reversed().subList(0, spare).stream())
                .filter(unit -> unit.exponent().isPresent())
                .mapToInt(unit -> unit.exponent().getAsInt()).distinct().toArray();
    }

    private List<Sources.RecoveryUnit> available() {
        List<Sources.RecoveryUnit> units = sources.recoveryUnits();
        Set<Wanted> lost = new HashSet<>(answers.lost(units.stream()
                .flatMap(u -> u.articles().stream()).toList()));
        return units.stream().filter(u -> u.articles().stream().noneMatch(lost::contains))
                .toList();
    }

    private Collection<Wanted> choose(int needed) {
        List<Sources.RecoveryUnit> available = new ArrayList<>(available());
        int promised = available.stream().filter(chosen::contains)
                .mapToInt(Sources.RecoveryUnit::slices).sum();
        if (promised >= needed) {
            return List.of();
        }
        available.removeIf(chosen::contains);
        if (available.stream().mapToInt(Sources.RecoveryUnit::slices).sum() < needed - promised) {
            return List.of(); // All of it would not do.
        }
        Set<Sources.RecoveryUnit> more = RecoveryChoice.of(available, needed - promised);
        chosen.addAll(more);
        return more.stream().flatMap(u -> u.articles().stream()).toList();
    }
}

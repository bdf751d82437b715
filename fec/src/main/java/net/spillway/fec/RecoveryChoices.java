package net.spillway.fec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.spillway.fec.packet.SliceData;

/**
 * Selections of recovery slices to compute lost slices from, one after the other, as long as what
 * comes out is wrong. Each takes another guess at which of them lie: those whose exponents others
 * claim too, then a whole volume, then the ones that were believed among rivals, then as many in a
 * row as can be spared. If all that lies is in one volume that can be spared, it is found.
 */
final class RecoveryChoices {
    /** Selections at most: each costs as much as the repair. */
    static final int MOST = 16;

    /** For each exponent those that claim it, the one that is believed at first in front. */
    private final SortedMap<Integer, List<SliceData>> claims = new TreeMap<>();
    private final int needed;
    private final Iterator<SortedMap<Integer, SliceData>> selections;

    /** What selections tried so far came down to. */
    private final Set<Map<Integer, SliceData>> tried = new HashSet<>();

    /** Selections of at least {@code needed} recovery slices. */
    RecoveryChoices(Par2Archive archive, int needed) {
        this.needed = needed;
        archive.recovery().forEach(
                (exponent, data) -> {
                    List<SliceData> all = new ArrayList<>(List.of(data));
                    all.addAll(archive.rivals().getOrDefault(exponent, List.of()));
                    claims.put(exponent, all);
                });
        selections =
                Stream.of(
                                Stream.of(without((exponent, data) -> false)),
                                Stream.of(without((e, data) -> claims.get(e).size() > 1)),
                                volumes().map(v -> without((e, data) -> v.equals(volume(data)))),
                                IntStream.range(1, rivals()).mapToObj(this::rivals),
                                runs().map(run -> without((e, data) -> run.contains(e))))
                        .flatMap(s -> s)
                        .iterator();
    }

    /** The next selection, if there is one that may give something else than those before. */
    Optional<SortedMap<Integer, SliceData>> next() {
        while (tried.size() < MOST && selections.hasNext()) {
            SortedMap<Integer, SliceData> selection = selections.next();
            if (selection.size() >= needed && tried.add(used(selection))) {
                return Optional.of(selection);
            }
        }
        return Optional.empty();
    }

    /** The recovery slices that will be used first. */
    private Map<Integer, SliceData> used(SortedMap<Integer, SliceData> selection) {
        int[] exponents = selection.keySet().stream().mapToInt(Integer::intValue).toArray();
        int[] chosen =
                Solution.consecutive(exponents, needed)
                        .orElseGet(() -> Arrays.copyOf(exponents, needed));
        Map<Integer, SliceData> used = new HashMap<>();
        for (int exponent : chosen) {
            used.put(exponent, selection.get(exponent));
        }
        return used;
    }

    /** For each exponent the first claim that is not left out. */
    private SortedMap<Integer, SliceData> without(BiPredicate<Integer, SliceData> leftOut) {
        SortedMap<Integer, SliceData> selection = new TreeMap<>();
        claims.forEach(
                (exponent, all) ->
                        all.stream()
                                .filter(data -> !leftOut.test(exponent, data))
                                .findFirst()
                                .ifPresent(data -> selection.put(exponent, data)));
        return selection;
    }

    private Stream<Object> volumes() {
        Set<Object> volumes = new LinkedHashSet<>();
        claims.values().forEach(all -> all.forEach(data -> volumes.add(volume(data))));
        return volumes.stream();
    }

    /** Where a recovery slice comes from. */
    private static Object volume(SliceData data) {
        return switch (data) {
            case SliceData.InFile inFile -> inFile.file();
            case SliceData.InMemory inMemory -> inMemory.bytes();
            default -> data;
        };
    }

    private int rivals() {
        return claims.values().stream().mapToInt(List::size).max().orElse(0);
    }

    /** Of each exponent the claim with that number, or the first one. */
    private SortedMap<Integer, SliceData> rivals(int number) {
        SortedMap<Integer, SliceData> selection = new TreeMap<>();
        claims.forEach(
                (exponent, all) ->
                        selection.put(exponent, all.get(number < all.size() ? number : 0)));
        return selection;
    }

    /** The exponents in runs, each as long as can be spared. */
    private Stream<Set<Integer>> runs() {
        List<Integer> exponents = List.copyOf(claims.keySet());
        int spare = exponents.size() - needed;
        return spare < 1
                ? Stream.of()
                : IntStream.iterate(0, i -> i < exponents.size(), i -> i + spare)
                        .mapToObj(
                                i ->
                                        Set.copyOf(
                                                exponents.subList(
                                                        i,
                                                        Math.min(exponents.size(), i + spare))));
    }
}

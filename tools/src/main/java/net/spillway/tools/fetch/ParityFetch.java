package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Collector;
import net.spillway.fec.Par2Set;
import net.spillway.fec.ParFile;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.tools.progress.Progress;

/** Fetches of the parity what tells of its sets, and recovery slices as far as they are needed. */
final class ParityFetch {
    private final Sources sources;
    private final ArticleGetter getter;
    private final Progress progress;

    ParityFetch(Sources sources, ArticleGetter getter, Progress progress) {
        this.sources = sources;
        this.getter = getter;
        this.progress = progress;
    }

    /** Where no name tells of parity, the beginnings of the files do. */
    void findDisguised() throws IOException, InterruptedException {
        List<TargetFile> unknown = sources.data().stream()
                .filter(t -> t.note().isEmpty() && !t.isSomebodysOwn()).toList();
        if (!sources.parity().isEmpty() || unknown.size() < 2) {
            return;
        }
        getter.get("looking at what the files are", unknown.stream()
                .map(file -> file.wanted().getFirst()).toList());
        List<TargetFile> found = new ArrayList<>();
        for (TargetFile file : unknown) {
            if (file.beginsAsParity()) {
                found.add(file);
            }
        }
        if (!found.isEmpty()) {
            sources.areParity(found);
        }
    }

    /**
     * Fetches index files, and volumes, smallest first, until they tell all of their sets.
     *
     * @param next what will be fetched afterwards
     */
    Collection<Par2Set> sets(List<Wanted> next) throws IOException, InterruptedException {
        List<TargetFile> indexes = sources.parity().stream()
                .flatMap(group -> group.indexes().stream()).toList();
        getter.get("fetching the parity index", Sources.articles(indexes), next, List::of);
        Map<Hash16, Par2Set> known = new LinkedHashMap<>();
        for (ParityGroup group : sources.parity()) {
            Deque<TargetFile> volumes = new ArrayDeque<>(group.volumes());
            while (!isTold(group, known) && !volumes.isEmpty()) {
                getter.get("fetching the parity index", volumes.poll().wanted(), next, List::of);
            }
        }
        return known.values();
    }

    /** Whether what was fetched of a group tells all of some set, or that had been told before. */
    private boolean isTold(ParityGroup group, Map<Hash16, Par2Set> known) throws IOException {
        Par2Collector collector = collect(group.files());
        group.sets().addAll(collector.setIds());
        boolean told = false;
        for (Hash16 id : group.sets()) {
            try {
                if (!known.containsKey(id) || !isComplete(known.get(id))) {
                    known.put(id, collector.archive(id).set());
                }
                told |= isComplete(known.get(id));
            } catch (Par2Exception e) {
                if (e.kind() != Par2Exception.Kind.INCOMPLETE) {
                    progress.warn("Some parity is not used: " + e.getMessage());
                    told = true;
                }
            }
        }
        return told;
    }

    /** A set can do without its slices' checksums, but badly. */
    private static boolean isComplete(Par2Set set) {
        return set.files().stream().allMatch(ParFile::hasChecksums);
    }

    /** Gets recovery slices, as many as are lacking; more only where some can't be had. */
    Par2Archive recovery(ParitySet set, int missing) throws IOException, InterruptedException {
        List<Sources.RecoveryUnit> untried = new ArrayList<>(sources.recoveryUnits(set.set()));
        untried.removeIf(unit -> getter.hasTried(unit.articles()));
        Par2Archive archive = archive(set);
        int promised = untried.stream().mapToInt(Sources.RecoveryUnit::slices).sum();
        if (archive.recovery().size() + promised < missing) {
            return archive; // All of it would not do.
        }
        while (archive.recovery().size() < missing && !untried.isEmpty()) {
            Set<Sources.RecoveryUnit> chosen =
                    RecoveryChoice.of(untried, missing - archive.recovery().size());
            untried.removeIf(chosen::contains);
            getter.get("fetching parity",
                    chosen.stream().flatMap(u -> u.articles().stream()).toList());
            archive = archive(set);
        }
        return archive;
    }

    private Par2Archive archive(ParitySet set) throws IOException {
        return collect(sources.parityFiles()).archive(set.set().id());
    }

    private static Par2Collector collect(Collection<TargetFile> files) throws IOException {
        Par2Collector collector = new Par2Collector();
        for (TargetFile file : files) {
            if (Files.exists(file.path())) {
                collector.add(file.path());
            }
        }
        return collector;
    }
}

package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.spillway.fec.ParFile;
import net.spillway.protocol.YencPart;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.RelativeName;
import net.spillway.tools.progress.Progress;

/**
 * Gives what was fetched its names: of the parity set, of the manifest, or of the articles. Either
 * all is whole, or it is kept though some of it is broken.
 */
final class Naming {
    private static final String BROKEN = ".broken";

    private final FetchRequest request;
    private final Sources sources;
    private final Workplace place;
    private final Placement placement;
    private final Progress progress;

    Naming(FetchRequest request, Sources sources, Workplace place, Placement placement,
            Progress progress) {
        this.request = request;
        this.sources = sources;
        this.place = place;
        this.placement = placement;
        this.progress = progress;
    }

    /**
     * All is whole: names everything.
     *
     * @param sets repaired, if that was needed
     * @param plain files outside of every set
     */
    List<FetchResult.FetchedFile> nameAll(List<ParitySet> sets, List<TargetFile> plain)
            throws IOException {
        for (ParitySet set : sets) {
            for (ParFile file : set.set().files()) {
                place(set, file);
            }
        }
        for (TargetFile target : plain) {
            place(target.note().map(FileNote::path).orElseGet(() -> freeNameOf(target)),
                    "the manifest, subject \""
                            + RelativeName.shown(target.entry().subject()) + "\"",
                    target.path(), target.isSomebodysOwn()
                            ? FetchResult.How.KEPT : FetchResult.How.FETCHED);
        }
        placeEmpty(sets);
        placeFolders();
        List<FetchResult.FetchedFile> placed = placement.carryOut();
        place.done();
        List<FetchResult.FetchedFile> files =
                request.join() ? Joining.join(placed, place, request.overwrite(), progress)
                        : placed;
        refuseInTheEnd(files);
        return files;
    }

    private void refuseInTheEnd(List<FetchResult.FetchedFile> named) {
        if (!placement.refusals().isEmpty()) {
            throw new CommandFailure(ExitCode.FAILED, "Not everything was given its name, since "
                    + String.join("; ", placement.refusals())
                    + "." + (named.isEmpty() ? ""
                            : " All other files are whole and in their place."));
        }
    }

    /** What there is: whole files under their names, others with {@value #BROKEN} behind them. */
    String keepBroken(List<ParitySet> sets) throws IOException {
        placement.replaceNothing();
        Set<Path> seen = new HashSet<>();
        Kept names = new Kept(new ArrayList<>(), new ArrayList<>());
        for (TargetFile target : sources.data()) {
            if (target.isSomebodysOwn()) {
                seen.add(target.path());
            }
        }
        for (ParitySet set : sets) {
            keepBroken(set, seen, names);
        }
        for (TargetFile target : sources.data()) {
            if (seen.add(target.path())) {
                Optional<FileNote> note = target.note();
                Optional<Long> length = note.map(FileNote::length);
                boolean right = target.isRight();
                if (!right) {
                    pad(target, length.or(target::claimedLength));
                }
                keep(target.path(), note.map(FileNote::path).orElseGet(() -> freeNameOf(target)),
                        right, length, names);
            }
        }
        names.whole().addAll(placeEmpty(sets));
        placeFolders();
        placement.carryOut();
        place.done();
        return names.inWords();
    }

    /** The names of what is kept though not all of it is whole. */
    private record Kept(List<String> whole, List<String> broken) {
        String inWords() {
            return whole.isEmpty() && broken.isEmpty() ? "There was nothing to keep."
                    : (whole.isEmpty() ? "" : "Kept whole: " + RelativeName.listed(whole) + ".")
                            + (whole.isEmpty() || broken.isEmpty() ? "" : " ")
                            + (broken.isEmpty() ? "" : "Kept with zeros for what is lacking: "
                                    + RelativeName.listed(broken) + ".");
        }
    }

    /** What repair made whole lies where repair put it, which need not be where it was fetched. */
    private void keepBroken(ParitySet set, Set<Path> seen, Kept names) throws IOException {
        if (set.isRepaired()) {
            seen.addAll(set.sources()); // What lent its slices is of no use now.
        }
        for (ParFile file : set.set().files()) {
            Optional<TargetFile> target = set.matchOf(file);
            if (set.isRepaired()) {
                target.ifPresent(t -> seen.add(t.path()));
                boolean there = target.filter(t -> t.isSomebodysOwn()
                        && t.path().equals(set.result(file))).isPresent();
                seen.add(set.result(file));
                if (!there) {
                    keep(set.result(file), nameOf(set, file), true, Optional.empty(), names);
                }
            } else if (target.isPresent() && seen.add(target.get().path())) {
                pad(target.get(), Optional.of(file.length()));
                keep(target.get().path(), nameOf(set, file),
                        set.isInPlace(file, target.get()), Optional.of(file.length()), names);
            }
        }
    }

    /** Where the end is lacking, too, zeros stand for it, if that can be true of its articles. */
    private static void pad(TargetFile target, Optional<Long> length) throws IOException {
        Path path = target.path();
        if (length.isPresent() && target.canBe(length.get()) && !target.isSomebodysOwn()
                && Files.exists(path) && Files.size(path) < length.get()) {
            TargetFile.write(path, length.get() - 1, new byte[1], 0, 1);
        }
    }

    private void keep(Path from, String name, boolean whole, Optional<Long> length, Kept names)
            throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        if (length.isPresent()) {
            ParitySet.trim(from, length.get());
        }
        Optional<Path> to = whole ? placement.resolve(name, "what is kept")
                : placement.resolveBroken(name + BROKEN, from);
        if (to.isPresent()) {
            if (whole) {
                setTime(from, name);
            }
            placement.add(from, to.get(), Files.size(from), FetchResult.How.FETCHED);
            (whole ? names.whole() : names.broken()).add(RelativeName.shown(whole ? name
                    : name + to.get().getFileName().toString().substring(
                            RelativeName.base(name).length())));
        }
    }

    /** Empty files have no articles; the manifest or the set names them, or both do. */
    private List<String> placeEmpty(List<ParitySet> sets) throws IOException {
        Map<String, String> names = new LinkedHashMap<>();
        sources.empty().forEach(note -> names.put(note.path(), "the manifest's list of files"));
        sets.forEach(set -> set.set().empties().forEach(
                file -> names.putIfAbsent(file.name(), "the PAR2 set")));
        List<String> placed = new ArrayList<>();
        for (Map.Entry<String, String> name : names.entrySet()) {
            Path empty = place.fresh();
            Files.createFile(empty);
            if (place(name.getKey(), name.getValue(), empty, FetchResult.How.FETCHED)) {
                placed.add(RelativeName.shown(name.getKey()));
            }
        }
        return placed;
    }

    private void place(ParitySet set, ParFile file) throws IOException {
        FetchResult.How how = set.matchOf(file).filter(TargetFile::isSomebodysOwn)
                .filter(target -> target.path().equals(set.result(file))).isPresent()
                ? FetchResult.How.KEPT
                : set.wasRepaired(file) ? FetchResult.How.REPAIRED : FetchResult.How.FETCHED;
        place(nameOf(set, file), "the PAR2 set", set.result(file), how);
    }

    /** Our manifest knows the name of a file whose set hides it. */
    private static String nameOf(ParitySet set, ParFile file) {
        return set.matchOf(file).flatMap(TargetFile::note).map(FileNote::path)
                .orElse(file.name());
    }

    /** False if the name is refused. */
    private boolean place(String name, String where, Path from, FetchResult.How how)
            throws IOException {
        Optional<Path> to = placement.resolve(name, where);
        if (to.isPresent()) {
            if (how != FetchResult.How.KEPT) {
                setTime(from, name);
            }
            placement.add(from, to.get(), Files.size(from), how);
        }
        return to.isPresent();
    }

    private void setTime(Path file, String name) throws IOException {
        Optional<FileTime> modified = sources.modifiedAt(name);
        if (modified.isPresent()) {
            Files.setLastModifiedTime(file, modified.get());
        }
    }

    private void placeFolders() {
        for (String folder : sources.folders()) {
            placement.resolve(folder, "the manifest's list of folders")
                    .ifPresent(placement::addFolder);
        }
    }

    /** Two files of one name come of posts of folders by others, whose subjects name none. */
    private String freeNameOf(TargetFile target) {
        String name = nameOf(target);
        String free = placement.free(RelativeName.harmless(name));
        if (!free.equals(name)) {
            progress.note("\"" + RelativeName.shown(name) + "\" is called \""
                    + RelativeName.shown(free) + "\" here");
        }
        return free;
    }

    /** Names other people give are no paths, but some look like one: they are checked as such. */
    private static String nameOf(TargetFile target) {
        return target.entry().subjectName()
                .or(() -> target.yenc().map(YencPart::name).filter(n -> !n.isBlank()))
                .orElse("unnamed");
    }
}

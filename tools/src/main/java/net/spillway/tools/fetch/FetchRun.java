package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.spillway.fec.DiskSpace;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Collector;
import net.spillway.fec.Par2Set;
import net.spillway.fec.ParFile;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.protocol.YencPart;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.RelativeName;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.Progress;

/**
 * One fetch, in the order in which things are decided: the parity index (which says what the files
 * are), the data, then just as many recovery slices as are lacking, the repair, and the names.
 */
final class FetchRun {
    private static final String BROKEN = ".broken";
    private static final String NOTHING_NAMED = " Nothing was given its final name.";
    private static final long EVENT_PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final FetchRequest request;
    private final Sources sources;
    private final Workplace place;
    private final MirrorSet mirrors;
    private final MirrorAnswers answers;
    private final Progress progress;
    private final Placement placement;
    private final Consumer<Map<String, Object>> events;
    private final Set<TargetFile> kept = new HashSet<>();
    private final Set<Wanted> tried = new HashSet<>();
    private final List<ParitySet> sets = new ArrayList<>();
    private List<TargetFile> plain = List.of();
    private Optional<Syndromes> syndromes = Optional.empty();
    private int dataSlices;
    private int repairedSlices;
    private final RecentRates rates = new RecentRates();
    private long lastTold = System.nanoTime();

    FetchRun(NzbFile nzb, FetchRequest request, Workplace place, MirrorSet mirrors,
            Progress progress, Consumer<Map<String, Object>> events) {
        this.events = events;
        this.request = request;
        this.sources = new Sources(nzb, place);
        this.place = place;
        this.mirrors = mirrors;
        answers = mirrors.answers();
        this.progress = progress;
        this.placement = new Placement(request.output(), request.overwrite());
    }

    FetchResult run(Supplier<Duration> elapsed) throws IOException, InterruptedException {
        try {
            return fetchAll(elapsed);
        } finally {
            syndromes.ifPresent(Syndromes::close);
            sources.close();
        }
    }

    private FetchResult fetchAll(Supplier<Duration> elapsed)
            throws IOException, InterruptedException {
        keepWhatIsThere();
        List<TargetFile> data =
                sources.data().stream().filter(t -> !kept.contains(t)).toList();
        if (!data.isEmpty() || sources.data().isEmpty()) {
            fetch(data);
        }
        match();
        for (ParitySet set : sets) {
            set.assess();
        }
        searchElsewhere();
        for (ParitySet set : sets) {
            makeWhole(set);
        }
        requireWhole();
        return finish(elapsed);
    }

    private void fetch(List<TargetFile> data) throws IOException, InterruptedException {
        restore();
        requireRoom(data);
        mirrors.survey(Stream.concat(data.stream(), sources.parityFiles().stream())
                .flatMap(t -> t.wanted().stream()).toList());
        try {
            if (sources.isOurs()) {
                fetchOurs(data);
            } else {
                fetchForeign();
            }
        } catch (EarlyWord.Hopeless e) {
            throw hopeless(e.outlook());
        }
        sources.data().forEach(TargetFile::seal);
        sources.finishHashing();
    }

    /** For files whose lengths are known: what is lacking of them has to go somewhere. */
    private void requireRoom(List<TargetFile> data) {
        long octets = 0;
        for (TargetFile file : data) {
            long here = file.wanted().stream().filter(w -> w.done).mapToLong(Wanted::bytes).sum();
            octets += Math.max(0, file.note().map(FileNote::length).orElse(0L) - here);
        }
        try {
            DiskSpace.require(request.output(), octets);
        } catch (FileSystemException e) {
            throw new CommandFailure(
                    ExitCode.FAILED, "Nothing was fetched: " + e.getMessage() + ".", e);
        }
    }

    /** What was got by a fetch of this manifest that was broken off. */
    private void restore() throws IOException {
        Map<Integer, List<Journal.Part>> parts = place.journal().found().stream()
                .collect(Collectors.groupingBy(Journal.Part::file));
        List<Wanted> restored = new ArrayList<>();
        long octets = place.journal().found().stream().mapToLong(Journal.Part::length).sum();
        try (Progress.Task task = progress.start(
                "looking at what came before", octets, Progress.Unit.BYTES)) {
            for (TargetFile target : Stream.concat(
                    sources.data().stream(), sources.parityFiles().stream()).toList()) {
                if (!kept.contains(target)) {
                    restored.addAll(target.restore(
                            parts.getOrDefault(target.index(), List.of()), task::advance));
                }
            }
        }
        if (!restored.isEmpty()) {
            progress.note("going on where an earlier fetch was broken off: "
                    + Figures.count(restored.size(), "article")
                    + (restored.size() == 1 ? " was" : " were") + " there already");
        }
    }

    /** Data and the parity that is needed at once: what slices there are is known. */
    private void fetchOurs(List<TargetFile> data) throws InterruptedException, IOException {
        findSets(articles(data));
        ParityWatch watch = new ParityWatch(sources, answers, data, request.keepBroken(),
                this::say);
        if (!sources.recoveryUnits().isEmpty()) {
            mirrors.awaitSurvey(request.survey());
            sumOnTheWay(watch);
        }
        fetch("fetching", articles(data), watch);
    }

    private void fetchForeign() throws InterruptedException, IOException {
        findDisguisedParity();
        findSets(List.of());
        List<Wanted> data = articles(
                sources.data().stream().filter(t -> !kept.contains(t)).toList());
        ForeignWatch watch = new ForeignWatch(
                sources, answers, sets, data, request.keepBroken(), this::say);
        mirrors.awaitSurvey(request.survey());
        watch.more(); // Nothing of the data is asked for if that is hopeless.
        fetch("fetching", data, watch);
        watch.end();
    }

    private CommandFailure hopeless(Outlook outlook) throws IOException {
        sources.data().forEach(TargetFile::seal);
        List<String> broken = answers.lost(articles(sources.data())).stream().map(Wanted::file)
                .filter(t -> !kept.contains(t)).distinct()
                .map(t -> RelativeName.shown(t.shown())).toList();
        String most = outlook.rough() ? " at most" : "";
        String what = outlook.lostArticles() == outlook.articles() && outlook.articles() > 1
                ? "No mirror has any of the " + Figures.count(outlook.articles(), "article") + "."
                : outlook.slices() == 0 || sources.parity().isEmpty()
                ? lacking(outlook.lostArticles())
                : (outlook.rough() ? "At least " : "") + outlook.lostSlices() + " of "
                        + outlook.slices() + " slices are missing, and parity has"
                        + most + " " + outlook.recovery() + ": "
                        + tooFew(outlook.lostSlices() - outlook.recovery());
        return failure(what + (outlook.lostArticles() == outlook.articles() ? ""
                : " No mirror has more, so no more was fetched."), List.of(), broken);
    }

    private String lacking(long articles) {
        // Some mirror gave something that was no good: damaged, cut, or another article.
        boolean bad = answers.reports().stream().anyMatch(mirror -> mirror.corrupt() > 0);
        return articles + (articles == 1 ? " article is missing" : " articles are missing")
                + (bad ? " or damaged" : "") + ", and no parity covers "
                + (articles == 1 ? "it." : "them.");
    }

    /** What is lost by all that is known now will be solved for without another look at the data. */
    private void sumOnTheWay(ParityWatch watch) {
        if (sets.size() == 1) {
            ParitySet set = sets.getFirst();
            syndromes = Syndromes.of(set.set(), watch.exponents());
            syndromes.ifPresent(sums -> {
                sums.watch(Matching.byNote(set.set().files(), sources.data()));
                set.solveWith(sums);
            });
        }
    }

    private void say(Outlook outlook) {
        progress.note(outlook.line());
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event", "health");
        event.put("articles", outlook.articles());
        event.put("missingArticles", outlook.lostArticles());
        event.put("slices", outlook.slices());
        event.put("missingSlices", outlook.lostSlices());
        event.put("recoverySlices", outlook.recovery());
        event.put("recoverable", outlook.isRecoverable());
        event.put("rough", outlook.rough());
        events.accept(event);
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

    // --- what the files are ---------------------------------------------------------------------

    /** Where no name tells of parity, the beginnings of the files do. */
    private void findDisguisedParity() throws IOException, InterruptedException {
        List<TargetFile> unknown = sources.data().stream()
                .filter(t -> t.note().isEmpty() && !kept.contains(t)).toList();
        if (!sources.parity().isEmpty() || unknown.size() < 2) {
            return;
        }
        fetch("looking at what the files are", unknown.stream()
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
    private void findSets(List<Wanted> next) throws IOException, InterruptedException {
        List<TargetFile> indexes = sources.parity().stream()
                .flatMap(group -> group.indexes().stream()).toList();
        fetch("fetching the parity index", articles(indexes), next, List::of);
        Map<Hash16, Par2Set> known = new LinkedHashMap<>();
        for (ParityGroup group : sources.parity()) {
            Deque<TargetFile> volumes = new ArrayDeque<>(group.volumes());
            while (!isTold(group, known) && !volumes.isEmpty()) {
                fetch("fetching the parity index", volumes.poll().wanted(), next, List::of);
            }
        }
        for (Par2Set set : known.values()) {
            sets.add(new ParitySet(set, place));
            dataSlices += set.sliceCount();
            sources.data().stream().filter(t -> t.note().isEmpty())
                    .forEach(t -> t.hashSlicesOf(set.sliceSize()));
        }
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

    private static Par2Collector collect(Collection<TargetFile> files) throws IOException {
        Par2Collector collector = new Par2Collector();
        for (TargetFile file : files) {
            if (Files.exists(file.path())) {
                collector.add(file.path());
            }
        }
        return collector;
    }

    /** Files that are in their place already, with the right contents, are not fetched. */
    private void keepWhatIsThere() throws IOException {
        List<Path> inTheWay = new ArrayList<>();
        try (Progress.Task task = progress.start(
                "looking at what is there", 0, Progress.Unit.BYTES)) {
            for (TargetFile target : sources.data()) {
                Optional<FileNote> note = target.note();
                if (note.isEmpty() || RelativeName.problem(note.get().path()).isPresent()) {
                    continue;
                }
                Optional<Path> there = RelativeName.below(request.output(), note.get().path());
                if (there.isEmpty()
                        || !Files.exists(there.get(), LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                if (Placement.isThere(there.get(), note.get(), task::advance)) {
                    kept.add(target);
                    target.isAt(there.get());
                } else if (placement.isInTheWay(there.get())) {
                    inTheWay.add(request.output().resolve(note.get().path()));
                }
            }
        }
        if (!inTheWay.isEmpty()) {
            throw placement.exist(inTheWay);
        }
    }

    // --- getting it -----------------------------------------------------------------------------

    private static List<Wanted> articles(List<TargetFile> files) {
        return files.stream().flatMap(file -> file.wanted().stream()).toList();
    }

    private void fetch(String what, List<Wanted> wanted) throws InterruptedException {
        fetch(what, wanted, List::of);
    }

    private void fetch(String what, List<Wanted> wanted, MirrorSet.Watcher watcher)
            throws InterruptedException {
        fetch(what, wanted, List.of(), watcher);
    }

    /** @param next what is wanted then, see {@link MirrorSet#fetch} */
    private void fetch(String what, List<Wanted> wanted, List<Wanted> next,
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

    private void match() throws IOException {
        Matching matching = new Matching(sources.data());
        for (ParitySet set : sets) {
            matching.match(set);
        }
        plain = matching.unmatched();
    }

    /** Slices that are not where they belong may be in files that nobody could place. */
    private void searchElsewhere() throws IOException {
        for (ParitySet set : sets) {
            if (set.missing().isEmpty()) {
                continue;
            }
            List<TargetFile> places = new ArrayList<>(
                    plain.stream().filter(t -> t.note().isEmpty()).toList());
            for (ParFile file : set.set().files()) {
                Optional<TargetFile> match = set.matchOf(file);
                boolean shifted = match.isPresent() && match.get().isGapless();
                if (shifted && !set.isWhole(file)) {
                    places.add(match.get());
                }
            }
            if (!places.isEmpty()) {
                progress.note("searching for slices that are not in their place");
                long octets = places.stream().mapToLong(TargetFile::end).sum();
                try (Progress.Task task =
                        progress.start("searching", octets, Progress.Unit.BYTES)) {
                    set.search(places, task);
                }
            }
        }
        Set<Path> lent = new HashSet<>();
        sets.forEach(set -> lent.addAll(set.sources()));
        plain = plain.stream().filter(t -> !lent.contains(t.path())).toList();
    }

    // --- parity ---------------------------------------------------------------------------------

    private void makeWhole(ParitySet set) throws IOException, InterruptedException {
        int missing = set.missing().cardinality();
        Par2Archive archive = missing == 0
                ? new Par2Archive(set.set(), new TreeMap<>(), List.of())
                : fetchRecovery(set, missing);
        if (archive.recovery().size() < missing) {
            throw notRecoverable(set, missing, archive.recovery().size());
        }
        if (missing > 0) {
            events.accept(Map.of("event", "repairing", "slices", missing));
        }
        try (Progress.Task task = progress.start(
                "repairing", missing * set.set().sliceSize(), Progress.Unit.BYTES)) {
            List<Wanted> data = articles(sources.data());
            AtomicLong rebuilt = new AtomicLong();
            task.panel(columns -> Panel.rebuilding(answers, data,
                    rebuilt.get() / (double) Math.max(1, missing * set.set().sliceSize()),
                    columns));
            set.onRebuilt(rebuilt::addAndGet);
            sources.hasher().ifPresent(set::hashBy);
            ParityOptions options = ParityOptions.defaults().withMemory(Syndromes.MEMORY)
                    .withProgress((phase, done, total) -> {
                        task.total(total);
                        task.at(done);
                    });
            set.repair(archive, options);
        }
        repairedSlices += missing;
    }

    /** Gets recovery slices, as many as are lacking; more only where some can't be had. */
    private Par2Archive fetchRecovery(ParitySet set, int missing)
            throws IOException, InterruptedException {
        List<Sources.RecoveryUnit> untried = 
                new ArrayList<>(sources.recoveryUnits(set.set()));
        untried.removeIf(unit -> tried.containsAll(unit.articles()));
        Par2Archive archive = archive(set);
        int promised = untried.stream().mapToInt(Sources.RecoveryUnit::slices).sum();
        if (archive.recovery().size() + promised < missing) {
            return archive; // All of it would not do.
        }
        while (archive.recovery().size() < missing && !untried.isEmpty()) {
            Set<Sources.RecoveryUnit> chosen =
                    RecoveryChoice.of(untried, missing - archive.recovery().size());
            untried.removeIf(chosen::contains);
            fetch("fetching parity", chosen.stream().flatMap(u -> u.articles().stream()).toList());
            archive = archive(set);
        }
        return archive;
    }

    private Par2Archive archive(ParitySet set) throws IOException {
        return collect(sources.parityFiles()).archive(set.set().id());
    }

    // --- how it ends ----------------------------------------------------------------------------

    private CommandFailure notRecoverable(ParitySet set, int missing, int available)
            throws IOException {
        List<String> whole = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        for (ParitySet each : sets) {
            for (ParFile file : each.set().files()) {
                (each.isWhole(file) ? whole : broken).add(RelativeName.shown(file.name()));
            }
        }
        // What was not even tried counts as if it had come: it would not have been enough.
        int atMost = available + sources.recoveryUnits(set.set()).stream()
                .filter(unit -> !tried.containsAll(unit.articles()))
                .mapToInt(Sources.RecoveryUnit::slices).sum();
        return failure(missing + " of " + set.set().sliceCount() + " slices are missing, and parity"
                + " has " + atMost + ": " + tooFew(missing - atMost), whole, broken);
    }

    private static String tooFew(int slices) {
        return slices + (slices == 1 ? " slice is" : " slices are") + " lacking.";
    }

    /** Files outside every set have only their parts' checksums to go by. */
    private void requireWhole() throws IOException {
        List<String> whole = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        long lacking = 0;
        for (TargetFile target : plain) {
            boolean right = isRight(target);
            (right ? whole : broken).add(RelativeName.shown(target.shown()));
            lacking += target.wanted().stream().filter(w -> !w.done).count();
        }
        if (!broken.isEmpty()) {
            sets.forEach(s -> s.set().files().forEach(f -> whole.add(f.name())));
            throw failure(lacking > 0 ? lacking(lacking) : "Parts that came do not make whole files"
                    + (plain.stream().anyMatch(TargetFile::isShort)
                            ? " (they tell of more parts than the manifest names)" : "")
                    + ", and no parity covers them.", whole, broken);
        }
    }

    private boolean isRight(TargetFile target) throws IOException {
        if (kept.contains(target)) {
            return true;
        }
        if (!target.isGapless()) {
            return false;
        }
        Optional<FileNote> note = target.note();
        return note.isEmpty() ? !target.isShort()
                : note.get().isCrc() ? FileProof.hex(target.crc32()).equals(note.get().hash())
                        : FileProof.isRight(target.path(), note.get(), octets -> { });
    }

    /**
     * Not 3 if a mirror that gave no answer may have what is lacking, but 75, or 1 if it is
     * pointless to try again as it is.
     */
    private CommandFailure failure(String what, List<String> whole, List<String> broken)
            throws IOException {
        List<Wanted> unanswered = Stream
                .concat(sources.data().stream(), sources.parityFiles().stream())
                .flatMap(t -> t.wanted().stream()).filter(answers::mayComeLater).toList();
        if (unanswered.isEmpty()) {
            return new CommandFailure(ExitCode.NOT_RECOVERABLE,
                    what + filesAre(whole, broken) + whatIsKept(), null,
                    details(whole, broken));
        }
        boolean pointless = unanswered.stream().allMatch(answers::isShutOut);
        if (answers.reports().stream().allMatch(MirrorReport::isSilent)) {
            return new CommandFailure(pointless ? ExitCode.FAILED : ExitCode.TEMPORARY,
                    "No mirror could be " + (pointless ? "used" : "reached") + " ("
                            + errors(answers.reports()) + "), so nothing was fetched."
                            + (pointless ? "" : " Check the addresses, or try again later."));
        }
        return new CommandFailure(pointless ? ExitCode.FAILED : ExitCode.TEMPORARY,
                what + filesAre(whole, broken) + (pointless ? whatIsKept() : NOTHING_NAMED
                        + (request.keepBroken() ? " Nothing broken is kept as long as it may"
                                + " become whole." : "")) + " Mirrors that could not be "
                        + (pointless ? "used" : "reached") + " may have what is lacking ("
                        + errors(answers.silentOn(unanswered)) + ")"
                        + (pointless ? "." : "; try again later."), null,
                details(whole, broken));
    }

    /** For scripts: what the message says in words. */
    private Map<String, Object> details(List<String> whole, List<String> broken) {
        List<Wanted> data = articles(sources.data());
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("whole", whole);
        details.put("broken", broken);
        details.put("missingArticles", answers.lost(data).size());
        details.put("articles", data.size());
        details.put("mirrors", answers.reports());
        return details;
    }

    /** What could not be made whole is kept if that is wanted, or it is said how to have it. */
    private String whatIsKept() throws IOException {
        if (!request.keepBroken()) {
            boolean some = articles(sources.data()).stream().anyMatch(w -> w.done);
            return NOTHING_NAMED + (some ? " --keep-broken keeps what there is." : "");
        }
        try {
            return " " + keepBroken();
        } catch (CommandFailure e) {
            return NOTHING_NAMED + " What there is cannot be kept: " + e.getMessage();
        }
    }

    private static String filesAre(List<String> whole, List<String> broken) {
        return " Whole: " + listed(whole) + "; not whole: " + listed(broken)
                + ".";
    }

    /** What there is: whole files under their names, others with {@value #BROKEN} behind them. */
    private String keepBroken() throws IOException {
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
                boolean right = isRight(target);
                if (!right) {
                    pad(target, length.or(target::claimedLength));
                }
                keep(target.path(), note.map(FileNote::path).orElseGet(() -> freeNameOf(target)),
                        right, length, names);
            }
        }
        names.whole().addAll(placeEmpty());
        placeFolders();
        placement.carryOut();
        place.done();
        return names.inWords();
    }

    /** The names of what is kept though not all of it is whole. */
    private record Kept(List<String> whole, List<String> broken) {
        String inWords() {
            return whole.isEmpty() && broken.isEmpty() ? "There was nothing to keep."
                    : (whole.isEmpty() ? "" : "Kept whole: " + listed(whole) + ".")
                            + (whole.isEmpty() || broken.isEmpty() ? "" : " ")
                            + (broken.isEmpty() ? "" : "Kept with zeros for what is lacking: "
                                    + listed(broken) + ".");
        }
    }

    /** What repair made whole lies where repair put it, which need not be where it was fetched. */
    private void keepBroken(ParitySet set, Set<Path> seen, Kept names)
            throws IOException {
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

    private static String errors(List<MirrorReport> of) {
        return String.join("; ", of.stream().filter(m -> !m.lastError().isEmpty())
                .map(MirrorReport::lastError).toList());
    }

    private static String listed(List<String> names) {
        int most = 20;
        return names.isEmpty() ? "none"
                : String.join(", ", names.subList(0, Math.min(most, names.size())))
                        + (names.size() > most ? " and " + (names.size() - most) + " more" : "");
    }

    private FetchResult finish(Supplier<Duration> elapsed) throws IOException {
        for (ParitySet set : sets) {
            for (ParFile file : set.set().files()) {
                place(set, file);
            }
        }
        for (TargetFile target : plain) {
            place(target.note().map(FileNote::path).orElseGet(() -> freeNameOf(target)),
                    "the manifest, subject \""
                            + RelativeName.shown(target.entry().subject()) + "\"",
                    target.path(), kept.contains(target)
                            ? FetchResult.How.KEPT : FetchResult.How.FETCHED);
        }
        placeEmpty();
        placeFolders();
        List<FetchResult.FetchedFile> placed = placement.carryOut();
        place.done();
        List<FetchResult.FetchedFile> files =
                request.join() ? Joining.join(placed, place, request.overwrite(), progress)
                        : placed;
        refuseInTheEnd(files);
        List<Wanted> data = articles(sources.data());
        List<MirrorReport> reports = answers.reports();
        return new FetchResult(files,
                files.stream().mapToLong(FetchResult.FetchedFile::bytes).sum(),
                reports.stream().mapToLong(MirrorReport::articles).sum(),
                data.stream().filter(w -> tried.contains(w) && !w.done).count(),
                dataSlices, repairedSlices,
                sets.stream().mapToLong(ParitySet::readBack).sum(), recoveryArticles(), reports,
                elapsed.get());
    }

    private long recoveryArticles() {
        return sources.parity().stream().flatMap(group -> group.volumes().stream())
                .flatMap(file -> file.wanted().stream()).filter(w -> w.done).count();
    }

    /** Empty files have no articles; the manifest or the set names them, or both do. */
    private List<String> placeEmpty() throws IOException {
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
        FetchResult.How how = set.matchOf(file).filter(kept::contains)
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

    private void refuseInTheEnd(List<FetchResult.FetchedFile> named) {
        if (!placement.refusals().isEmpty()) {
            throw new CommandFailure(ExitCode.FAILED, "Not everything was given its name, since "
                    + String.join("; ", placement.refusals())
                    + "." + (named.isEmpty() ? ""
                            : " All other files are whole and in their place."));
        }
    }
}

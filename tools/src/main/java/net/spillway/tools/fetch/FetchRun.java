package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.spillway.fec.DiskSpace;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Set;
import net.spillway.fec.ParFile;
import net.spillway.fec.ParityOptions;
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
    private final FetchRequest request;
    private final Sources sources;
    private final Workplace place;
    private final MirrorSet mirrors;
    private final MirrorAnswers answers;
    private final Progress progress;
    private final Placement placement;
    private final ArticleGetter getter;
    private final ParityFetch parity;
    private final Naming naming;
    private final FetchFailures failures;
    private final Consumer<Map<String, Object>> events;
    private final List<ParitySet> sets = new ArrayList<>();
    private List<TargetFile> plain = List.of();
    private Optional<Syndromes> syndromes = Optional.empty();
    private int dataSlices;
    private int repairedSlices;

    FetchRun(NzbFile nzb, FetchRequest request, Workplace place, MirrorSet mirrors,
            Progress progress, Consumer<Map<String, Object>> events) {
        this.events = events;
        this.request = request;
        sources = new Sources(nzb, place);
        this.place = place;
        this.mirrors = mirrors;
        answers = mirrors.answers();
        this.progress = progress;
        placement = new Placement(request.output(), request.overwrite());
        getter = new ArticleGetter(mirrors, progress, events);
        parity = new ParityFetch(sources, getter, progress);
        naming = new Naming(request, sources, place, placement, progress);
        failures = new FetchFailures(request, sources, answers, getter, naming, sets);
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
                sources.data().stream().filter(t -> !t.isSomebodysOwn()).toList();
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
        failures.requireWhole(plain);
        return result(naming.nameAll(sets, plain), elapsed.get());
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
            throw failures.hopeless(e.outlook());
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
                if (!target.isSomebodysOwn()) {
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
        List<Wanted> articles = Sources.articles(data);
        know(parity.sets(articles));
        ParityWatch watch = new ParityWatch(sources, answers, data, request.keepBroken(),
                this::say);
        if (!sources.recoveryUnits().isEmpty()) {
            mirrors.awaitSurvey(request.survey());
            sumOnTheWay(watch);
        }
        getter.get("fetching", articles, watch);
    }

    private void fetchForeign() throws InterruptedException, IOException {
        parity.findDisguised();
        know(parity.sets(List.of()));
        List<Wanted> data = Sources.articles(
                sources.data().stream().filter(t -> !t.isSomebodysOwn()).toList());
        ForeignWatch watch = new ForeignWatch(
                sources, answers, sets, data, request.keepBroken(), this::say);
        mirrors.awaitSurvey(request.survey());
        watch.more(); // Nothing of the data is asked for if that is hopeless.
        getter.get("fetching", data, watch);
        watch.end();
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

    // --- what the files are ---------------------------------------------------------------------

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
                requireNoWayOut(note.get().path());
                Optional<Path> there = RelativeName.below(request.output(), note.get().path());
                if (there.isEmpty()
                        || !Files.exists(there.get(), LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                if (Placement.isThere(there.get(), note.get(), task::advance)) {
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

    /** Nobody is to wait for files for which there is no place. */
    private void requireNoWayOut(String name) {
        Optional<Path> out = placement.wayOut(name);
        if (out.isPresent()) {
            throw new CommandFailure(ExitCode.FAILED, "Nothing was fetched: \""
                    + RelativeName.shown(name) + "\" would not be in " + request.output()
                    + ", since a link at " + out.get() + " or before leads out of it. Move the link"
                    + " away, or choose another folder with -o.");
        }
    }

    private void know(Collection<Par2Set> found) {
        for (Par2Set set : found) {
            sets.add(new ParitySet(set, place));
            dataSlices += set.sliceCount();
            sources.data().stream().filter(t -> t.note().isEmpty())
                    .forEach(t -> t.hashSlicesOf(set.sliceSize()));
        }
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
                : parity.recovery(set, missing);
        if (archive.recovery().size() < missing) {
            throw failures.tooLittleParity(set, missing, archive.recovery().size());
        }
        if (missing > 0) {
            events.accept(Map.of("event", "repairing", "slices", missing));
        }
        try (Progress.Task task = progress.start(
                "repairing", missing * set.set().sliceSize(), Progress.Unit.BYTES)) {
            List<Wanted> data = Sources.articles(sources.data());
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

    // --- how it ends ----------------------------------------------------------------------------

    private FetchResult result(List<FetchResult.FetchedFile> files, Duration elapsed) {
        List<MirrorReport> reports = answers.reports();
        return new FetchResult(files,
                files.stream().mapToLong(FetchResult.FetchedFile::bytes).sum(),
                reports.stream().mapToLong(MirrorReport::articles).sum(),
                getter.notGot(Sources.articles(sources.data())),
                dataSlices, repairedSlices,
                sets.stream().mapToLong(ParitySet::readBack).sum(), recoveryArticles(), reports,
                elapsed);
    }

    private long recoveryArticles() {
        return sources.parity().stream().flatMap(group -> group.volumes().stream())
                .flatMap(file -> file.wanted().stream()).filter(w -> w.done).count();
    }
}

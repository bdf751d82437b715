package net.spillway.tools.fetch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Progress;

/** Asks all mirrors what they have of a manifest, and counts. */
final class HealthCheck {
    private final Sources sources;
    private final MirrorSet mirrors;
    private final MirrorAnswers answers;
    private final Progress progress;

    HealthCheck(Sources sources, MirrorSet mirrors, Progress progress) {
        this.progress = progress;
        this.sources = sources;
        this.mirrors = mirrors;
        answers = mirrors.answers();
    }

    HealthReport check() throws InterruptedException {
        List<TargetFile> all = Stream.concat(sources.data().stream(),
                sources.parityFiles().stream().sorted(Comparator.comparing(TargetFile::shown)))
                .toList();
        List<Wanted> articles = Sources.articles(all);
        mirrors.survey(articles);
        try (Progress.Task task = progress.start("asking mirrors what they have",
                (long) articles.size() * answers.reports().size(), Progress.Unit.ARTICLES)) {
            mirrors.awaitSurvey(task);
        }
        List<HealthReport.OfMirror> ofMirrors = mirrors(articles);
        requireUsable(articles, ofMirrors);
        List<HealthReport.OfFile> files = new ArrayList<>();
        Set<TargetFile> parity = new HashSet<>(sources.parityFiles());
        all.forEach(file -> files.add(file(file, parity.contains(file), ofMirrors)));
        Outlook outlook = outlook();
        long missingBytes = bytes(answers.lost(Sources.articles(sources.data()))) + bytesOfGaps();
        List<Wanted> recovery = sources.recoveryUnits().stream()
                .flatMap(unit -> unit.articles().stream()).toList();
        long parityBytes = bytes(recovery) - bytes(answers.lost(recovery));
        return new HealthReport(verdict(outlook, missingBytes <= parityBytes, ofMirrors),
                outlook.articles(), outlook.lostArticles(), outlook.slices(), outlook.lostSlices(),
                outlook.recovery(), outlook.recovery() - outlook.lostSlices(), missingBytes,
                parityBytes, ofMirrors, files);
    }

    /** With a wrong login, say, nothing will be known later either. */
    private void requireUsable(List<Wanted> articles, List<HealthReport.OfMirror> of) {
        boolean unknown = of.stream().noneMatch(HealthReport.OfMirror::asked);
        if (unknown && !articles.isEmpty() && answers.isShutOut(articles.getFirst())) {
            throw new CommandFailure(ExitCode.FAILED, "No mirror could be used ("
                    + of.stream().map(HealthReport.OfMirror::error).collect(Collectors.joining("; "))
                    + ").");
        }
    }

    private static long bytes(List<Wanted> articles) {
        return articles.stream().mapToLong(Wanted::bytes).sum();
    }

    /** Of parts that manifests of others do not name; most are as large as the first. */
    private long bytesOfGaps() {
        return sources.isOurs() ? 0 : sources.data().stream()
                .filter(file -> file.entry().gaps() > 0)
                .mapToLong(file -> file.entry().gaps() * file.wanted().getFirst().bytes()).sum();
    }

    private List<HealthReport.OfMirror> mirrors(List<Wanted> articles) {
        List<Long> held = answers.held(articles);
        List<Boolean> answered = answers.surveyed();
        List<MirrorReport> reports = answers.reports();
        List<HealthReport.OfMirror> of = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            boolean asked = answered.get(i);
            String error = asked ? "" : reports.get(i).lastError().isEmpty()
                    ? "it does not say what it has" : reports.get(i).lastError();
            of.add(new HealthReport.OfMirror(reports.get(i).server(), asked,
                    asked ? held.get(i) : 0, asked ? articles.size() - held.get(i) : 0, error));
        }
        return of;
    }

    private HealthReport.OfFile file(
            TargetFile file, boolean parity, List<HealthReport.OfMirror> of) {
        List<Long> held = new ArrayList<>(answers.held(file.wanted()));
        for (int i = 0; i < held.size(); i++) {
            held.set(i, of.get(i).asked() ? held.get(i) : -1);
        }
        int unnamed = sources.isOurs() || parity ? 0 : file.entry().gaps();
        return new HealthReport.OfFile(file.shown(), file.wanted().size() + unnamed, held,
                answers.lost(file.wanted()).size() + unnamed, parity);
    }

    private Outlook outlook() {
        if (sources.isOurs()) {
            return new ParityWatch(sources, answers, sources.data(), true, o -> { }).outlook();
        }
        List<Wanted> data = Sources.articles(sources.data());
        int unnamed = (int) Math.min(Integer.MAX_VALUE / 2,
                sources.data().stream().mapToLong(file -> file.entry().gaps()).sum());
        int promised =
                sources.recoveryUnits().stream().mapToInt(Sources.RecoveryUnit::slices).sum();
        return new Outlook(data.size() + unnamed, answers.lost(data).size() + unnamed, 0, 0,
                promised, true);
    }

    private HealthReport.Verdict verdict(
            Outlook outlook, boolean isMoreParity, List<HealthReport.OfMirror> of) {
        if (of.stream().noneMatch(HealthReport.OfMirror::asked)) {
            return HealthReport.Verdict.UNKNOWN;
        }
        if (outlook.lostArticles() == 0) {
            return HealthReport.Verdict.WHOLE;
        }
        if (outlook.recovery() > 0 && (sources.isOurs() ? outlook.isRecoverable() : isMoreParity)) {
            return sources.isOurs() ? HealthReport.Verdict.RECOVERABLE
                    : HealthReport.Verdict.DAMAGED;
        }
        // Those that said nothing may have what is lacking.
        return answers.isAnyUnknown()
                ? HealthReport.Verdict.UNKNOWN : HealthReport.Verdict.NOT_RECOVERABLE;
    }
}

package net.spillway.tools.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Asks all mirrors what they have of a manifest, and counts. */
final class HealthCheck {
    private final Sources sources;
    private final MirrorSet mirrors;

    HealthCheck(Sources sources, MirrorSet mirrors) {
        this.sources = sources;
        this.mirrors = mirrors;
    }

    HealthReport check() throws InterruptedException {
        List<TargetFile> all = Stream.concat(
                sources.data().stream(), sources.parityFiles().stream()).toList();
        List<Wanted> articles = all.stream().flatMap(f -> f.wanted().stream()).toList();
        mirrors.survey(articles);
        mirrors.awaitSurvey();
        List<HealthReport.OfMirror> ofMirrors = mirrors(articles);
        List<HealthReport.OfFile> files = new ArrayList<>();
        all.forEach(file -> files.add(file(file, ofMirrors)));
        Outlook outlook = outlook();
        return new HealthReport(verdict(outlook, ofMirrors), outlook.articles(),
                outlook.lostArticles(), outlook.slices(), outlook.lostSlices(),
                outlook.recovery(), outlook.recovery() - outlook.lostSlices(), ofMirrors, files);
    }

    private List<HealthReport.OfMirror> mirrors(List<Wanted> articles) {
        List<Long> held = mirrors.held(articles);
        List<Boolean> answered = mirrors.answered();
        List<MirrorReport> reports = mirrors.reports();
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

    private HealthReport.OfFile file(TargetFile file, List<HealthReport.OfMirror> of) {
        List<Long> held = new ArrayList<>(mirrors.held(file.wanted()));
        for (int i = 0; i < held.size(); i++) {
            held.set(i, of.get(i).asked() ? held.get(i) : -1);
        }
        return new HealthReport.OfFile(file.shown(), file.wanted().size(), held,
                mirrors.lost(file.wanted()).size(), sources.parityFiles().contains(file));
    }

    private Outlook outlook() {
        if (sources.isOurs()) {
            return new ParityWatch(sources, mirrors, sources.data(), true, o -> { }).outlook();
        }
        List<Wanted> data = sources.data().stream().flatMap(f -> f.wanted().stream()).toList();
        return new Outlook(data.size(), mirrors.lost(data).size(), 0, 0,
                sources.recoveryUnits().stream().mapToInt(Sources.RecoveryUnit::slices).sum());
    }

    private HealthReport.Verdict verdict(Outlook outlook, List<HealthReport.OfMirror> of) {
        if (of.stream().noneMatch(HealthReport.OfMirror::asked)) {
            return HealthReport.Verdict.UNKNOWN;
        }
        if (outlook.lostArticles() == 0) {
            return HealthReport.Verdict.WHOLE;
        }
        if (!sources.isOurs() && outlook.recovery() > 0) {
            return HealthReport.Verdict.DAMAGED;
        }
        return outlook.recovery() > 0 && outlook.isRecoverable()
                ? HealthReport.Verdict.RECOVERABLE : HealthReport.Verdict.NOT_RECOVERABLE;
    }
}

package net.spillway.tools.fetch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.spillway.fec.ParFile;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.nzb.RelativeName;
import net.spillway.tools.progress.Figures;

/**
 * How a fetch ends of which not all can be made whole: what is said, with which exit code, and
 * whether what there is is kept.
 */
final class FetchFailures {
    private static final String NOTHING_NAMED = " Nothing was given its final name.";

    private final FetchRequest request;
    private final Sources sources;
    private final MirrorAnswers answers;
    private final ArticleGetter getter;
    private final Naming naming;
    /** Those that are known, at any time. */
    private final List<ParitySet> sets;

    FetchFailures(FetchRequest request, Sources sources, MirrorAnswers answers,
            ArticleGetter getter, Naming naming, List<ParitySet> sets) {
        this.request = request;
        this.sources = sources;
        this.answers = answers;
        this.getter = getter;
        this.naming = naming;
        this.sets = sets;
    }

    /** Before all was fetched it is known that it will not do. */
    CommandFailure hopeless(Outlook outlook) throws IOException {
        sources.data().forEach(TargetFile::seal);
        List<String> broken = answers.lost(Sources.articles(sources.data())).stream()
                .map(Wanted::file).filter(t -> !t.isSomebodysOwn()).distinct()
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

    /** A set has fewer recovery slices than it would need. */
    CommandFailure tooLittleParity(ParitySet set, int missing, int available) throws IOException {
        List<String> whole = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        for (ParitySet each : sets) {
            for (ParFile file : each.set().files()) {
                (each.isWhole(file) ? whole : broken).add(RelativeName.shown(file.name()));
            }
        }
        // What was not even tried counts as if it had come: it would not have been enough.
        int atMost = available + sources.recoveryUnits(set.set()).stream()
                .filter(unit -> !getter.hasTried(unit.articles()))
                .mapToInt(Sources.RecoveryUnit::slices).sum();
        return failure(missing + " of " + set.set().sliceCount() + " slices are missing, and parity"
                + " has " + atMost + ": " + tooFew(missing - atMost), whole, broken);
    }

    /** Files outside every set have only their parts' checksums to go by. */
    void requireWhole(List<TargetFile> plain) throws IOException {
        List<String> whole = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        long lacking = 0;
        for (TargetFile target : plain) {
            boolean right = target.isRight();
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

    private String lacking(long articles) {
        // Some mirror gave something that was no good: damaged, cut, or another article.
        boolean bad = answers.reports().stream().anyMatch(mirror -> mirror.corrupt() > 0);
        return articles + (articles == 1 ? " article is missing" : " articles are missing")
                + (bad ? " or damaged" : "") + ", and no parity covers "
                + (articles == 1 ? "it." : "them.");
    }

    private static String tooFew(int slices) {
        return slices + (slices == 1 ? " slice is" : " slices are") + " lacking.";
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
        List<Wanted> data = Sources.articles(sources.data());
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
            boolean some = Sources.articles(sources.data()).stream().anyMatch(w -> w.done);
            return NOTHING_NAMED + (some ? " --keep-broken keeps what there is." : "");
        }
        try {
            return " " + naming.keepBroken(sets);
        } catch (CommandFailure e) {
            return NOTHING_NAMED + " What there is cannot be kept: " + e.getMessage();
        }
    }

    private static String filesAre(List<String> whole, List<String> broken) {
        return " Whole: " + RelativeName.listed(whole)
                + "; not whole: " + RelativeName.listed(broken) + ".";
    }

    private static String errors(List<MirrorReport> of) {
        return String.join("; ", of.stream().filter(m -> !m.lastError().isEmpty())
                .map(MirrorReport::lastError).toList());
    }
}

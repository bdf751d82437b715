package net.spillway.tools.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.spillway.fec.Par2Archive;
import net.spillway.tools.progress.Figures;

/**
 * The .par2 files among those of a set, or named with it, that belong to others. They are not looked
 * at, since {@code NAME.par2 *} means the set NAME; but whoever named them must not believe it.
 */
record Par2OtherSets(List<Path> foreign, List<Path> mixed) {
    static Par2OtherSets of(Par2Archive archive) {
        return new Par2OtherSets(archive.foreign(), archive.mixed());
    }

    boolean isEmpty() {
        return foreign.isEmpty() && mixed.isEmpty();
    }

    /** What files are meant when all of them are said to be whole. */
    String all() {
        return isEmpty() ? "All files are" : "All files of this set are";
    }

    void put(Map<String, Object> fields) {
        fields.put("otherSets", Stream.concat(foreign.stream(), mixed.stream()).toList());
    }

    /** Sentences, the first behind a blank; nothing if there are no such files. */
    String sentences() {
        StringBuilder text = new StringBuilder();
        if (!foreign.isEmpty()) {
            text.append(" Not looked at: ").append(some(foreign)).append(foreign.size() == 1
                    ? ", which belongs to another set; check it by itself."
                    : ", which belong to other sets; check those by themselves.");
        }
        if (!mixed.isEmpty()) {
            text.append(" Not looked at: what ").append(some(mixed)).append(mixed.size() == 1
                    ? " holds" : " hold").append(" of other sets than this one.");
        }
        return text.toString();
    }

    /** Those who want to hear of errors only hear of such files too, if they named them. */
    Par2Outcome after(Par2Outcome outcome, Set<Path> named) {
        boolean toldNothing = outcome.error().isEmpty()
                && Stream.concat(foreign.stream(), mixed.stream()).anyMatch(named::contains);
        return !toldNothing ? outcome : new Par2Outcome(
                outcome.end(), outcome.fields(), outcome.text(), sentences().strip());
    }

    private static String some(List<Path> files) {
        return Terminal.path(files.getFirst())
                + (files.size() == 1 ? "" : " and " + Figures.count(files.size() - 1) + " more");
    }
}

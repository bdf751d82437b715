package net.spillway.tools.post;

import java.util.List;
import java.util.Map;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;

/** Tells what mirrors lack, when too few of them have a whole post in time. */
final class Unconfirmed {
    private static final int EXAMPLES = 3;

    private Unconfirmed() {}

    static CommandFailure failure(
            PostRequest.Confirm wanted, int articles, Confirmer confirmer) {
        List<PostResult.Mirror> reports = confirmer.reports();
        long whole = reports.stream().filter(mirror -> mirror.missing() == 0).count();
        StringBuilder text = new StringBuilder("Everything is posted, but after ")
                .append(wanted.timeout().toSeconds()).append(" s only ").append(whole)
                .append(" of ").append(Figures.count(wanted.mirrors().size(), "mirror"))
                .append(whole == 1 ? " has" : " have").append(" all of it, and ")
                .append(wanted.copies()).append(" should:");
        for (int i = 0; i < reports.size(); i++) {
            PostResult.Mirror mirror = reports.get(i);
            text.append("\n  ").append(mirror.mirror()).append(": ");
            if (mirror.missing() == 0) {
                text.append("has all ").append(articles);
            } else if (mirror.missing() == articles && !mirror.error().isEmpty()) {
                text.append("could not be asked");
            } else {
                text.append("lacks ").append(mirror.missing()).append(" of ").append(articles)
                        .append(", such as ")
                        .append(String.join(" ", confirmer.examples(i, EXAMPLES)));
            }
            if (!mirror.error().isEmpty()) {
                text.append(" (").append(mirror.error()).append(')');
            }
        }
        return new CommandFailure(ExitCode.TEMPORARY, text.append("\nThe same command without"
                + " --confirm writes the manifest all the same.").toString(), null,
                Map.of("articles", articles, "mirrors", reports));
    }
}

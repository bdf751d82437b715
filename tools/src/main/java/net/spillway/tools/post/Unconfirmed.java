package net.spillway.tools.post;

import java.util.List;
import java.util.Map;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;

/** Tells what mirrors lack, when too few of them have a whole post in time. */
final class Unconfirmed {
    private static final int EXAMPLES = 3;

    private Unconfirmed() {}

    static CommandFailure failure(
            PostRequest.Confirm wanted, int articles, Confirmer confirmer) {
        StringBuilder text = new StringBuilder("Everything is posted, but not on ")
                .append(wanted.copies()).append(" of ").append(wanted.mirrors().size())
                .append(" mirrors after ").append(wanted.timeout().toSeconds()).append(" s:");
        List<PostResult.Mirror> reports = confirmer.reports();
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
        return new CommandFailure(ExitCode.TEMPORARY, text.append("\nWithout --confirm the manifest"
                + " is written at once.").toString(), null,
                Map.of("articles", articles, "mirrors", reports));
    }
}

package net.spillway.conf;

import java.util.List;
import java.util.Optional;

/**
 * What LIST tells readers besides the groups themselves (RFC 3977, section 7.6, and RFC 6048). A
 * list that is empty is not offered.
 *
 * @param motd the lines of the message of the day
 * @param moderators lines {@code wildmat:address} for LIST MODERATORS
 * @param distributions lines {@code name TAB description} for LIST DISTRIBUTIONS
 * @param distribPats lines {@code weight:wildmat:distribution} for LIST DISTRIB.PATS
 * @param subscriptions groups that a new reader is advised to subscribe to, in this order
 */
public record ListsConfig(List<String> motd, List<String> moderators, List<String> distributions,
        List<String> distribPats, List<String> subscriptions) {

    /** None of them. */
    public static final ListsConfig NONE =
            new ListsConfig(List.of(), List.of(), List.of(), List.of(), List.of());

    /** Copies the collections. */
    public ListsConfig {
        motd = List.copyOf(motd);
        moderators = List.copyOf(moderators);
        distributions = List.copyOf(distributions);
        distribPats = List.copyOf(distribPats);
        subscriptions = List.copyOf(subscriptions);
    }

    /** Whom articles for that group are mailed to; empty if no line of {@link #moderators} fits. */
    public Optional<String> moderatorOf(String group) {
        for (String line : moderators) {
            int colon = line.indexOf(':');
            if (Wildmat.parse(line.substring(0, colon)).matches(group)) {
                return Optional.of(line.substring(colon + 1).replace("%s", group.replace('.', '-')));
            }
        }
        return Optional.empty();
    }
}

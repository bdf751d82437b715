package net.spillway.conf;

import java.util.List;
import java.util.regex.Pattern;

/** Reads {@code [lists]}. Each line is checked, since readers take them as they come. */
final class ListsReader {
    private static final Pattern DISTRIBUTION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+_-]*");
    private static final Pattern WEIGHT = Pattern.compile("[0-9]{1,9}");

    private ListsReader() {
    }

    static ListsConfig read(Section root) {
        return root.table("lists").map(ListsReader::lists).orElse(ListsConfig.NONE);
    }

    private static ListsConfig lists(Section section) {
        List<String> motd = section.text("motd").map(text -> text.stripTrailing().lines().toList())
                .orElse(List.of());
        if (motd.stream().anyMatch(ListsReader::hasControls)) {
            section.problem("motd", "has a control character", "keep to plain text");
        }
        ListsConfig lists = new ListsConfig(motd,
                section.parsedList("moderators", ListsReader::moderators),
                section.parsedList("distributions", ListsReader::distribution),
                section.parsedList("distrib_pats", ListsReader::distribPat),
                section.parsedList("subscriptions", ListsReader::group));
        section.done();
        return lists;
    }

    /** RFC 6048, section 2.4; in the address, %s stands for the group with hyphens for dots. */
    private static String moderators(String line) {
        int colon = line.indexOf(':');
        if (colon < 0 || line.indexOf('@', colon) < 0 || hasBlanks(line)) {
            throw new IllegalArgumentException("\"" + shown(line) + "\" is no list of moderators;"
                    + " write it as example.*:%s@moderators.example.org");
        }
        Wildmat.parse(line.substring(0, colon));
        return line;
    }

    /** RFC 6048, section 2.3. */
    private static String distribution(String line) {
        String[] halves = line.strip().split("[ \t]+", 2);
        if (halves.length < 2 || !DISTRIBUTION.matcher(halves[0]).matches()
                || hasControls(halves[1])) {
            throw new IllegalArgumentException("\"" + shown(line) + "\" is no distribution;"
                    + " write its name, a blank and what it means, as in \"local Only here\"");
        }
        return halves[0] + "\t" + halves[1];
    }

    /** RFC 3977, section 7.6.5. */
    private static String distribPat(String line) {
        String[] parts = line.split(":", -1);
        if (parts.length != 3 || !WEIGHT.matcher(parts[0]).matches()
                || !DISTRIBUTION.matcher(parts[2]).matches()) {
            throw new IllegalArgumentException("\"" + shown(line) + "\" is no distribution"
                    + " pattern; write weight:wildmat:distribution, as in \"10:local.*:local\"");
        }
        Wildmat.parse(parts[1]);
        return line;
    }

    private static String group(String name) {
        if (!Names.isGroup(name)) {
            throw new IllegalArgumentException("\"" + shown(name) + "\" is not a newsgroup name;"
                    + " write one such as example.talk");
        }
        return name;
    }

    private static boolean hasBlanks(String line) {
        return line.chars().anyMatch(c -> c <= ' ' || c == 0x7f);
    }

    private static boolean hasControls(String line) {
        return line.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f);
    }

    private static String shown(String line) {
        return line.replaceAll("\\p{Cntrl}", "?");
    }
}

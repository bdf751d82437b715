package net.spillway.tools.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.spillway.tools.progress.Figures;

/** What a relay tells of its peers, in words for people. */
final class PeerWords {
    private static final Map<String, String> LABELS = new LinkedHashMap<>();
    private static final Pattern FED = Pattern.compile(
            "you are fed ([^;\\s]+?)(?:, out of ([^;\\s]+))?(?:; no group .*)?$");

    static {
        LABELS.put("peer", "peer");
        LABELS.put("identity", "its name in Path");
        LABELS.put("from", "known from");
        LABELS.put("until", "token works until");
        LABELS.put("address", "fed at");
        LABELS.put("knownBy", "known by");
        LABELS.put("accept", "groups taken from it");
        LABELS.put("send", "groups sent to it");
        LABELS.put("paused", "paused");
        LABELS.put("state", "state of the feed");
        LABELS.put("connectedSince", "connected since");
        LABELS.put("lag", "articles not looked at yet");
        LABELS.put("waiting", "put off by it, to be offered again");
        LABELS.put("accepted", "taken by it since the start");
        LABELS.put("lastError", "last error");
        LABELS.put("lastErrorAt", "which was at");
        LABELS.put("backfillLeft", "left of the backfill");
        LABELS.put("comparedAt", "compared at");
        LABELS.put("comparedFrom", "what arrived since");
        LABELS.put("lackedThere", "articles that it lacked then");
        LABELS.put("lackedHere", "articles that we lacked then");
        LABELS.put("comparing", "comparing failed");
    }

    private PeerWords() {
    }

    /** A value for people: nobody needs fractions of a second. */
    static String of(Object value) {
        return switch (value) {
            case Long number -> Figures.count(number);
            case Boolean yes -> yes ? "yes" : "no";
            default -> Terminal.safe(StatusCommand.shortTime(String.valueOf(value)));
        };
    }

    /** What its admin has it sent, and what it asked for itself. */
    private static String sent(String send) {
        return send.replaceFirst("; ", ", of which it wants ");
    }

    /** A line for each thing that is known; a relay newer than this program may know more. */
    static List<String> describe(Map<String, Object> peer) {
        int width = LABELS.values().stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        Map<String, Object> left = new LinkedHashMap<>(peer);
        LABELS.forEach((key, label) -> {
            if (left.remove(key) instanceof Object value) {
                lines.add(String.format("%-" + width + "s  %s", label,
                        key.equals("send") ? sent(of(value)) : of(value)));
            }
        });
        left.forEach((key, value) -> {
            if (value != null) {
                lines.add(String.format("%-" + width + "s  %s", Terminal.safe(key), of(value)));
            }
        });
        return lines;
    }

    /** What a comparison has found. */
    static String compared(Map<String, Object> report) {
        String found = "compared " + Figures.count(number(report, "articles"), "article");
        if (number(report, "articles") == 0 && number(report, "lackingHere") == 0) {
            return found + ": in that time nothing came that goes to it, or only before both relays"
                    + " began to keep articles, which does not count; nor does what is on its way: "
                    + younger(report);
        }
        long pointless = number(report, "pointless");
        return found + " (" + younger(report) + ") in "
                + Figures.count(number(report, "rounds"), "round trip") + " and "
                + of(report.get("octets")) + " octets: it lacks " + of(report.get("lackingThere"))
                + ", which it is offered now; we lack " + of(report.get("lackingHere"))
                + (pointless == 0 ? "" : "; left out: " + Figures.count(pointless, "article")
                + " that it did not want when asked again: refused or taken back there");
    }

    /** A relay older than this program does not say until when it compares. */
    private static String younger(Map<String, Object> report) {
        Object until = report.get("until");
        return until == null ? "not those of the last seconds"
                : "not those that came after " + of(until);
    }

    private static long number(Map<String, Object> report, String key) {
        return report.get(key) instanceof Long number ? number : 0;
    }

    /** The wildmats in what a peer says that it feeds us. */
    static Map<String, ?> fed(String said) {
        Matcher matcher = FED.matcher(said);
        Map<String, Object> fields = new LinkedHashMap<>();
        if (matcher.find()) {
            fields.put("fed", matcher.group(1));
            fields.put("of", matcher.group(2) == null ? matcher.group(1) : matcher.group(2));
        }
        return fields;
    }
}

package net.spillway.conf;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads {@code [[access]]}. */
final class AccessReader {
    private static final Pattern NAME = Pattern.compile("[a-z0-9*][a-z0-9._-]*");

    private final Optional<Set<String>> userNames;
    private final Optional<TlsConfig> tls;

    /** @param userNames all there are; empty if a users_file may have more at any time */
    AccessReader(Optional<Set<String>> userNames, Optional<TlsConfig> tls) {
        this.userNames = userNames;
        this.tls = tls;
    }

    List<AccessRule> readAll(Section root) {
        if (!root.has("access")) {
            return List.of(AccessRule.LOOPBACK);
        }
        List<AccessRule> rules = new ArrayList<>();
        for (Section section : root.tables("access")) {
            rules.add(read(section, "access " + (rules.size() + 1)));
            section.done();
        }
        return rules;
    }

    private AccessRule read(Section section, String name) {
        return new AccessRule(section.text("name").orElse(name),
                section.parsedList("from", Cidr::parse), users(section), certificates(section),
                section.flag("tls_required", false),
                groups(section, "read"), groups(section, "post"),
                section.parsed("feed", Wildmat::parse).orElse(Wildmat.NONE),
                groups(section, "approve"), groups(section, "admin"),
                section.flag("newnews", false),
                section.flag("status", false),
                limits(section));
    }

    private static Wildmat groups(Section section, String right) {
        return section.parsed(right, AccessReader::groups).orElse(Wildmat.NONE);
    }

    /** These rights are asked for group by group, so one group can say nothing about others. */
    private static Wildmat groups(String text) {
        Wildmat groups = Wildmat.parse(text);
        if (groups.hasPoison()) {
            throw new IllegalArgumentException(
                    "\"@\" has a meaning in feed, accept and send only; write \"!\" here");
        }
        return groups;
    }

    private Set<String> users(Section section) {
        Set<String> users =
                new LinkedHashSet<>(section.parsedList("users", Function.identity()));
        for (String user : users) {
            if (userNames.isPresent() && !userNames.get().contains(user)) {
                String hint = DidYouMean.nearest(user, userNames.get())
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse("add one with its password_file; people go into a"
                                + " users_file, where 'spillway user add' puts them");
                section.problem("users", "there is no [[user]] of the name \"" + user + "\"", hint);
            }
        }
        return users;
    }

    private Set<String> certificates(Section section) {
        Set<String> certificates =
                new LinkedHashSet<>(section.parsedList("certificates", AccessReader::certificate));
        boolean named = certificates.stream().anyMatch(c -> !c.startsWith("sha256:"));
        if (named && tls.flatMap(TlsConfig::clientCa).isEmpty()) {
            section.problem("certificates", "names a certificate, but nobody vouches for names",
                    "set client_ca in [tls], or write sha256: and the certificate's fingerprint");
        } else if (!certificates.isEmpty() && tls.isEmpty()) {
            section.problem("certificates", "means nothing without TLS", "set [tls]");
        }
        return certificates;
    }

    private static String certificate(String text) {
        String bare = Fingerprint.normalized(text);
        if (!Fingerprint.isOne(bare) && !NAME.matcher(bare).matches()) {
            throw new IllegalArgumentException("\"" + text.replaceAll("\\p{Cntrl}", "?")
                    + "\" is no certificate; write sha256: and 64 hex digits, or a host name");
        }
        return bare;
    }

    private static RuleLimits limits(Section section) {
        RuleLimits none = RuleLimits.NONE;
        return new RuleLimits(
                section.number("connections", none.connections(), 1, 1_000_000),
                section.size("bytes_per_second", none.bytesPerSecond(), 1 << 10, Long.MAX_VALUE),
                section.number("posts_per_hour", none.postsPerHour(), 0, Integer.MAX_VALUE),
                section.size("bytes_per_hour", none.bytesPerHour(), 1 << 10, Long.MAX_VALUE));
    }
}

package net.spillway.conf;

import java.util.List;
import java.util.regex.Pattern;

/** What may stand as a name in the network of relays. */
public final class Names {
    private static final int MAX_IDENTITY = 250;
    private static final int MAX_GROUP = 250;
    private static final Pattern IDENTITY =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]*[A-Za-z0-9]|[A-Za-z0-9]");
    private static final Pattern GROUP =
            Pattern.compile("[A-Za-z0-9+_-]+(\\.[A-Za-z0-9+_-]+)*");

    private Names() {
    }

    /** A path identity: RFC 5536, section 3.1.5, and not one of the words that Path reserves. */
    public static boolean isPathIdentity(String name) {
        return name.length() <= MAX_IDENTITY && IDENTITY.matcher(name).matches()
                && !name.equalsIgnoreCase("not-for-mail") && !name.equals("POSTED");
    }

    /** Whether the standard keeps this name from being a newsgroup's (RFC 5536, section 3.1.4). */
    public static boolean isReservedGroup(String name) {
        List<String> components = List.of(name.split("\\."));
        return components.getFirst().equals("to") || components.contains("all")
                || components.contains("ctl") || name.equals("poster");
    }

    /** A newsgroup name: RFC 5536, section 3.1.4, at most 250 octets. */
    public static boolean isGroup(String name) {
        return name.length() <= MAX_GROUP && GROUP.matcher(name).matches();
    }
}

package net.spillway.conf;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine, for a path identity that nobody configured. */
final class HostName {
    private static final String FALLBACK = "spillway.invalid";

    private HostName() {
    }

    /** The host name if it can stand in a Path, else {@code spillway.invalid}. */
    static String ofThisMachine() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return Names.isPathIdentity(name) ? name : FALLBACK;
        } catch (UnknownHostException e) {
            return FALLBACK;
        }
    }
}

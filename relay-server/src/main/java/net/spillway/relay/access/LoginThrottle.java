package net.spillway.relay.access;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows logins down that fail: by address, for those who try many names, and by account, for those
 * who come from many addresses. An attempt counts as failed from its beginning, so that many at
 * once gain nothing. Safe for use by many threads.
 */
final class LoginThrottle {
    private static final Duration FORGET = Duration.ofMinutes(15);
    private static final long FIRST_MILLIS = 500;
    private static final long MOST_BY_ADDRESS = 30_000;
    /** Less, or anybody could keep the owner of an account out. */
    private static final long MOST_BY_ACCOUNT = 5_000;
    private static final int MOST_ENTRIES = 20_000;

    private record Failures(int count, long last) {
    }

    private final Clock clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST_ENTRIES;
        }
    };

    LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    /** How long to wait before this attempt is looked at, in milliseconds. */
    synchronized long begin(InetAddress from, String user) {
        return Math.max(count(byAddress(from), MOST_BY_ADDRESS),
                count(byAccount(user), MOST_BY_ACCOUNT));
    }

    /** It was the right password: this attempt, and the account's earlier ones, are forgiven. */
    synchronized void succeeded(InetAddress from, String user) {
        failures.remove(byAccount(user));
        failures.computeIfPresent(byAddress(from), (key, f) ->
                f.count() <= 1 ? null : new Failures(f.count() - 1, f.last()));
    }

    private long count(String key, long most) {
        long now = clock.millis();
        Failures before = failures.get(key);
        int count = before == null || now - before.last() > FORGET.toMillis() ? 0 : before.count();
        failures.put(key, new Failures(count + 1, now));
        return count == 0 ? 0 : Math.min(most, FIRST_MILLIS << Math.min(count - 1, 20));
    }

    /** Who has one IPv6 address has the whole /64. */
    private static String byAddress(InetAddress from) {
        byte[] octets = from.getAddress();
        byte[] known = octets.length > 4 ? Arrays.copyOf(octets, 8) : octets;
        return "a" + HexFormat.of().formatHex(known);
    }

    private static String byAccount(String user) {
        return "u" + user.substring(0, Math.min(user.length(), 256));
    }
}

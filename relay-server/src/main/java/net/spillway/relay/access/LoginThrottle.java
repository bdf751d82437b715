package net.spillway.relay.access;

import java.net.InetAddress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows logins down that fail: by address, for those who try many names, and by account, for those
 * who come from many addresses. An attempt counts as failed from its beginning, so that many at
 * once gain nothing; a failure is forgiven after ten seconds.
 *
 * <p>Who has logged in from an address before is not made to wait for what others do there, or do
 * elsewhere to the account: only failures of that account from that very address count. Safe for
 * use by many threads.
 */
final class LoginThrottle {
    private static final long FORGIVE_MILLIS = 10_000;
    private static final long FIRST_MILLIS = 500;
    /** Some clients have patience for ten seconds, and take who is silent for dead. */
    private static final long MOST_MILLIS = 4_000;
    private static final int MOST_ENTRIES = 20_000;

    private record Failures(int count, long last) {
        Failures at(long now) {
            return new Failures((int) Math.max(0, count - (now - last) / FORGIVE_MILLIS), now);
        }
    }

    private final Clock clock;
    private final Map<String, Failures> failures = new Bounded<>();
    /** Accounts with an address from which they have logged in. */
    private final Map<String, Boolean> known = new Bounded<>();

    LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    /** How long to wait before this attempt is looked at, in milliseconds. */
    synchronized long begin(InetAddress from, String user) {
        String both = byAddress(from) + byAccount(user);
        if (known.get(both) != null) {
            return count(both);
        }
        return Math.max(count(byAddress(from)), count(byAccount(user)));
    }

    /** It was the right password: this attempt, and the account's earlier ones, are forgiven. */
    synchronized void succeeded(InetAddress from, String user) {
        String both = byAddress(from) + byAccount(user);
        if (known.put(both, true) == null) {
            failures.computeIfPresent(byAddress(from), (key, f) ->
                    new Failures(Math.max(0, f.count() - 1), f.last()));
        }
        failures.remove(both);
        failures.remove(byAccount(user));
    }

    private long count(String key) {
        long now = clock.millis();
        int count = failures.getOrDefault(key, new Failures(0, now)).at(now).count();
        failures.put(key, new Failures(count + 1, now));
        return count == 0 ? 0 : Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(count - 1, 20));
    }

    private static String byAddress(InetAddress from) {
        return "a" + AddressBlock.of(from).getHostAddress();
    }

    private static String byAccount(String user) {
        return "u" + user.substring(0, Math.min(user.length(), 256));
    }

    /** Forgets what was not asked for longest. */
    private static final class Bounded<V> extends LinkedHashMap<String, V> {
        Bounded() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST_ENTRIES;
        }
    }
}

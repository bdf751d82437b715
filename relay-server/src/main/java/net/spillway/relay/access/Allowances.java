package net.spillway.relay.access;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.spillway.conf.RuleLimits;

/** The allowances of all who have some. Safe for use by many threads. */
public final class Allowances {
    private static final int CLEAN_EVERY = 1000;
    /** Beyond that nothing is remembered of who is not connected. */
    private static final int MOST = 50_000;

    private record Key(String rule, String who, RuleLimits limits) {
    }

    private final Clock clock;
    private final Map<Key, Allowance> known = new HashMap<>();
    private int untilCleaning = CLEAN_EVERY;

    public Allowances(Clock clock) {
        this.clock = clock;
    }

    /**
     * Takes a connection in.
     *
     * @return what it shares with the others of the same user or address; empty if there are
     *     too many of those. To be given back with {@link #leave}
     */
    public synchronized Optional<Allowance> enter(Client client, Optional<String> login,
            Rights rights) {
        if (--untilCleaning < 0) {
            untilCleaning = CLEAN_EVERY;
            known.values().removeIf(Allowance::isIdle);
            if (known.size() > MOST) {
                known.values().removeIf(Allowance::isUnused);
            }
        }
        Key key = new Key(rights.rule(), login.map(user -> "user " + user)
                .orElseGet(() -> AddressBlock.of(client.address()).getHostAddress()), rights.limits());
        Allowance allowance = rights.limits().equals(RuleLimits.NONE)
                ? new Allowance(RuleLimits.NONE, clock)
                : known.computeIfAbsent(key, k -> new Allowance(k.limits(), clock));
        return allowance.enter() ? Optional.of(allowance) : Optional.empty();
    }

    /** The connection is gone, or has become somebody else's. */
    public void leave(Allowance allowance) {
        allowance.leave();
    }
}

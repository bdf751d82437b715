package net.spillway.relay.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.conf.AccessRule;
import net.spillway.conf.RuleLimits;
import net.spillway.conf.Wildmat;
import net.spillway.relay.StandingClock;
import org.junit.jupiter.api.Test;

/** What the limits of a rule and the throttle of logins do as time goes by. */
class LimitsTest {
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.1");

    private final StandingClock clock =
            new StandingClock(Instant.parse("2026-05-05T12:00:00Z"));

    private static Rights rights(RuleLimits limits) {
        AccessRule rule = AccessRule.LOOPBACK;
        return new Rights("r", rule.read(), rule.post(), Wildmat.NONE, Wildmat.NONE, false, false,
                Optional.empty(), limits);
    }

    private static Client client(String address) {
        return new Client(InetAddress.ofLiteral(address), true);
    }

    @Test
    void connectionsAreCountedByUserOrElseByAddress() {
        Allowances all = new Allowances(clock);
        Rights two = rights(new RuleLimits(2, Long.MAX_VALUE, 9, Long.MAX_VALUE));
        Allowance first = all.enter(client("192.0.2.1"), Optional.empty(), two).orElseThrow();
        assertTrue(all.enter(client("192.0.2.1"), Optional.empty(), two).isPresent());
        assertTrue(all.enter(client("192.0.2.1"), Optional.empty(), two).isEmpty());
        assertTrue(all.enter(client("192.0.2.2"), Optional.empty(), two).isPresent());
        Optional<String> ann = Optional.of("ann");
        assertTrue(all.enter(client("192.0.2.1"), ann, two).isPresent());
        assertTrue(all.enter(client("192.0.2.3"), ann, two).isPresent());
        assertTrue(all.enter(client("192.0.2.4"), ann, two).isEmpty());
        all.leave(first);
        assertTrue(all.enter(client("192.0.2.1"), Optional.empty(), two).isPresent());
    }

    @Test
    void whoeverHasOneAddressOfAnIpv6SubnetHasTheLimitsOfOneClient() {
        Allowances all = new Allowances(clock);
        Rights two = rights(new RuleLimits(2, Long.MAX_VALUE, 9, Long.MAX_VALUE));
        assertTrue(all.enter(client("2001:db8::1"), Optional.empty(), two).isPresent());
        assertTrue(all.enter(client("2001:db8::2"), Optional.empty(), two).isPresent());
        assertTrue(all.enter(client("2001:db8::3:0:0:1"), Optional.empty(), two).isEmpty());
        assertTrue(all.enter(client("2001:db8:0:1::1"), Optional.empty(), two).isPresent());
    }

    @Test
    void manyWaitingLoginsFromOneBlockKeepNobodyElseOutAndGiveTheirPlacesBack() {
        try (Logins logins = new Logins(clock, (user, password) -> user.equals("ann"))) {
            List<CompletableFuture<Boolean>> flood = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                flood.add(logins.check(InetAddress.ofLiteral("2001:db8::" + i), "eve", "x"));
            }
            assertTrue(flood.getLast().isCompletedExceptionally(), "100 are too many");
            assertFalse(flood.get(63).isCompletedExceptionally(), "64 are not");
            assertTrue(logins.check(ADDRESS, "ann", "x").join(), "others log in");
            flood.forEach(one -> one.cancel(false));
            assertFalse(logins.check(InetAddress.ofLiteral("2001:db8::1"), "eve", "x")
                    .isCompletedExceptionally(), "whose client has gone waits no more");
        }
    }

    @Test
    void whatIsAskedOverManyConnectionsAtOnceIsOneAttempt() {
        CountDownLatch allAsk = new CountDownLatch(1);
        AtomicInteger looks = new AtomicInteger();
        try (Logins logins = new Logins(clock, (user, password) -> {
            looks.incrementAndGet();
            awaiting(allAsk);
            return password.equals("right");
        })) {
            CompletableFuture<Boolean> first = logins.check(ADDRESS, "ann", "right");
            CompletableFuture<Boolean> gone = logins.check(ADDRESS, "ann", "right");
            CompletableFuture<Boolean> last = logins.check(ADDRESS, "ann", "right");
            gone.cancel(false);
            allAsk.countDown();
            assertTrue(first.join());
            assertTrue(last.join(), "others are answered though one has gone");
            assertEquals(1, looks.get());
            assertFalse(logins.check(ADDRESS, "ann", "wrong").join());
            assertEquals(2, looks.get(), "another password is another attempt");
        }
    }

    private static void awaiting(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void postsAndOctetsComeBackAfterAnHour() {
        Allowance one = new Allowance(new RuleLimits(1, Long.MAX_VALUE, 2, 1000), clock);
        assertEquals(Optional.empty(), one.postingRefusal());
        one.posted(300);
        one.posted(300);
        assertTrue(one.postingRefusal().orElseThrow().contains("2 articles an hour"));
        assertEquals(Optional.empty(), one.trafficRefusal());
        one.sent(400);
        assertTrue(one.trafficRefusal().orElseThrow().contains("1000 octets"));
        clock.pass(3_599_999);
        assertTrue(one.trafficRefusal().isPresent());
        clock.pass(1);
        assertEquals(Optional.empty(), one.trafficRefusal());
        assertEquals(Optional.empty(), one.postingRefusal());
    }

    @Test
    void theRateHoldsForAllConnectionsTogetherAfterABurst() {
        Allowance slow = new Allowance(new RuleLimits(9, 10_000, 9, Long.MAX_VALUE), clock);
        slow.sent(2_000);
        assertEquals(0, slow.waitMillis(), "a burst is let through");
        slow.sent(10_000);
        assertEquals(950, slow.waitMillis());
        clock.pass(950);
        assertEquals(0, slow.waitMillis());
        clock.pass(100_000);
        slow.sent(20_000);
        assertEquals(1750, slow.waitMillis(), "what was not used is not saved up");
    }

    @Test
    void failuresSlowTheAddressAndTheAccountAndSuccessForgives() {
        LoginThrottle throttle = new LoginThrottle(clock);
        assertEquals(0, throttle.begin(ADDRESS, "ann"));
        assertEquals(500, throttle.begin(ADDRESS, "bob"), "another name from there");
        assertEquals(1000, throttle.begin(ADDRESS, "ann"));
        assertEquals(1000, throttle.begin(InetAddress.ofLiteral("192.0.2.2"), "ann"));
        for (int i = 0; i < 20; i++) {
            throttle.begin(ADDRESS, "ann");
        }
        assertEquals(4_000, throttle.begin(ADDRESS, "eve"), "clients wait for no longer");
        assertEquals(4_000, throttle.begin(InetAddress.ofLiteral("192.0.2.3"), "ann"));
        throttle.succeeded(InetAddress.ofLiteral("192.0.2.3"), "ann");
        assertEquals(0, throttle.begin(InetAddress.ofLiteral("192.0.2.3"), "ann"));
        clock.pass(16 * 60_000);
        assertEquals(0, throttle.begin(ADDRESS, "ann"));
        InetAddress six = InetAddress.ofLiteral("2001:db8::1");
        throttle.begin(six, "x1");
        assertEquals(500, throttle.begin(InetAddress.ofLiteral("2001:db8::2:0:0:3"), "x2"));
        assertFalse(throttle.begin(InetAddress.ofLiteral("2001:db8:0:1::1"), "x3") > 0);
    }

    @Test
    void failuresOfOthersDoNotSlowWhoHasLoggedInFromThereBefore() {
        LoginThrottle throttle = new LoginThrottle(clock);
        throttle.begin(ADDRESS, "ann");
        throttle.succeeded(ADDRESS, "ann");
        for (int i = 0; i < 20; i++) {
            throttle.begin(ADDRESS, "eve" + i);
            throttle.begin(InetAddress.ofLiteral("192.0.2.2"), "ann");
        }
        assertEquals(0, throttle.begin(ADDRESS, "ann"));
        assertEquals(500, throttle.begin(ADDRESS, "ann"), "guesses at her password from there");
        throttle.succeeded(ADDRESS, "ann");
        assertEquals(0, throttle.begin(ADDRESS, "ann"));
    }

    @Test
    void aFailureIsForgivenAfterTenSeconds() {
        LoginThrottle throttle = new LoginThrottle(clock);
        for (int i = 0; i < 4; i++) {
            throttle.begin(ADDRESS, "ghost" + i);
        }
        assertEquals(4000, throttle.begin(ADDRESS, "bob"));
        clock.pass(30_000);
        assertEquals(1000, throttle.begin(ADDRESS, "boss"));
        clock.pass(60_000);
        assertEquals(0, throttle.begin(ADDRESS, "boss"));
    }
}

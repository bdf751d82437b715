package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.spillway.tools.ServerAddress;
import org.junit.jupiter.api.Test;

class MirrorTest {
    private final Mirror mirror = new Mirror(MirrorSpec.of(
            new ServerAddress("mirror.example", 119, Optional.empty(), Optional.empty()),
            MirrorSpec.MAIN), 0);

    @Test
    void mirrorsNearbyAreAskedForLittleUntilTheyHaveShownHowFastTheyAre() {
        assertEquals(2, mirror.depth());
        mirror.tookRoundTrip(TimeUnit.MILLISECONDS.toNanos(1));
        assertEquals(2, mirror.depth());
        mirror.tookSeconds(0.1);
        assertEquals(5, mirror.depth());
    }

    @Test
    void mirrorsFarAwayAreAskedForARoundTripsWorthFromTheBeginning() {
        mirror.tookRoundTrip(TimeUnit.MILLISECONDS.toNanos(100));
        assertEquals(8, mirror.depth());
        mirror.tookRoundTrip(TimeUnit.SECONDS.toNanos(2)); // Most likely we were busy.
        assertEquals(8, mirror.depth());
    }

    @Test
    void articlesThatCameSoonerThanAnythingCanSayNothingOfASlowLine() {
        mirror.tookSeconds(-0.01);
        mirror.tookSeconds(0.25);
        mirror.tookSeconds(0);
        assertEquals(2, mirror.depth());
    }

    @Test
    void slowMirrorsHoardNothingHoweverFarAwayTheyAre() {
        mirror.tookRoundTrip(TimeUnit.SECONDS.toNanos(1));
        assertEquals(10, mirror.depth());
        mirror.tookSeconds(3);
        assertEquals(2, mirror.depth());
    }
}

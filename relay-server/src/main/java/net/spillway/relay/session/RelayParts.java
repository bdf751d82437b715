package net.spillway.relay.session;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.spillway.conf.RelayConfig;
import net.spillway.feed.FeedStatus;
import net.spillway.feed.OfferTable;
import net.spillway.relay.access.AccessControl;
import net.spillway.relay.intake.Intake;
import net.spillway.spool.Spool;

/**
 * What all sessions of a relay share.
 *
 * @param offers which peer is about to send which article
 * @param traffic counts what the relay does
 * @param feeds how the outgoing feeds are
 * @param peerSeen is told the name of each peer that connects
 * @param compressors bound how many connections are compressed
 * @param startTls whether TLS can be begun on a plain connection: there is a certificate
 * @param timer for short delays; what runs on it must not block
 */
public record RelayParts(RelayConfig config, Spool spool, Intake intake, OfferTable offers,
        AccessControl access, Traffic traffic, Supplier<List<FeedStatus>> feeds,
        Consumer<String> peerSeen, Compressors compressors, boolean startTls, Clock clock,
        ScheduledExecutorService timer) {
}

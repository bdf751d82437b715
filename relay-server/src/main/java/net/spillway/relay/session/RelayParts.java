package net.spillway.relay.session;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.spillway.conf.RelayConfig;
import net.spillway.feed.FeedView;
import net.spillway.feed.OfferTable;
import net.spillway.relay.access.AccessControl;
import net.spillway.relay.access.Allowances;
import net.spillway.relay.access.Logins;
import net.spillway.relay.intake.Intake;
import net.spillway.relay.peering.PeerAdmin;
import net.spillway.relay.reconcile.Reconciliations;
import net.spillway.spool.Spool;

/**
 * What all sessions of a relay share.
 *
 * @param current the configuration as it is at the moment; it can be loaded anew
 * @param offers which peer is about to send which article
 * @param allowances what clients have used up of their limits
 * @param logins checks passwords
 * @param traffic counts what the relay does
 * @param feeds how the outgoing feeds are
 * @param peerSeen is told the name of each peer that connects
 * @param compressors bound how many connections are compressed
 * @param halfSent bounds what articles take that have come in part
 * @param company whether several sessions are at work
 * @param reconciliations comparisons of articles that peers have begun
 * @param peering looks after peers
 * @param tlsReady whether TLS can be begun on a plain connection: there is a certificate
 * @param reload loads the configuration anew; gives what is wrong with it, and then nothing has
 *     changed
 * @param timer for short delays; what runs on it must not block
 */
public record RelayParts(Supplier<RelayConfig> current, Spool spool, Intake intake,
        OfferTable offers, AccessControl access, Allowances allowances, Logins logins,
        Traffic traffic, FeedView feeds,
        Consumer<String> peerSeen, Compressors compressors, HalfSent halfSent, Company company,
        Reconciliations reconciliations,
        PeerAdmin peering, BooleanSupplier tlsReady,
        Callable<List<String>> reload, Clock clock,
        ScheduledExecutorService timer) {

    /** The configuration as it is at the moment; the same object until it is loaded anew. */
    public RelayConfig config() {
        return current.get();
    }
}

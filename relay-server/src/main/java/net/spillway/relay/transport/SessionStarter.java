package net.spillway.relay.transport;

import net.spillway.relay.access.Client;
import net.spillway.relay.session.NntpSession;
import net.spillway.relay.session.Outlet;
import net.spillway.relay.session.SessionExecutor;

/** Makes the session of a new connection. */
@FunctionalInterface
public interface SessionStarter {
    /** @param strand where the session runs */
    NntpSession start(Client client, Outlet outlet, SessionExecutor strand);
}

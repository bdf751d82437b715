package net.spillway.relay.peering;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.spillway.conf.Credentials;
import net.spillway.feed.ConnectionEvents;
import net.spillway.feed.OutgoingArticle;
import net.spillway.feed.Wire;
import net.spillway.feed.reconcile.PeerTalk;

/** A peer that answers each line as a script says. */
record ScriptedPeer(ConnectionEvents events, Function<String, List<String>> script,
        Optional<Instant> certificate) implements Wire {

    /** A conversation with one that greets us so. */
    static PeerTalk talk(String greeting, Function<String, List<String>> script,
            Optional<Instant> certificate, Optional<Credentials> login) throws IOException {
        return new PeerTalk(events -> {
            events.connected(new ScriptedPeer(events, script, certificate));
            events.lines(List.of(greeting));
        }, login);
    }

    /** Its answer to LIST ACTIVE if it has these groups. */
    static List<String> listing(List<String> groups) {
        List<String> lines = new ArrayList<>(List.of("215 follows"));
        groups.forEach(name -> lines.add(name + " 5 1 y"));
        lines.add(".");
        return lines;
    }

    @Override
    public void line(String line) {
        events.lines(script.apply(line));
    }

    @Override
    public Optional<Instant> certificateEnds() {
        return certificate;
    }

    @Override
    public void article(OutgoingArticle article) {
        throw new AssertionError("none is sent");
    }

    @Override
    public void compress() {
        throw new AssertionError("not asked for");
    }

    @Override
    public void flush() {
        // Answered already.
    }

    @Override
    public long octetsWritten() {
        return 0;
    }

    @Override
    public void consumed(int lines) {
        // There is room enough.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}

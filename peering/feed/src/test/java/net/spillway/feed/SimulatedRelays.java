package net.spillway.feed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.Wildmat;
import net.spillway.feed.reconcile.Agenda;
import net.spillway.feed.reconcile.Census;
import net.spillway.feed.reconcile.Scope;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.reconcile.Answerer;
import net.spillway.protocol.reconcile.Asker;
import net.spillway.protocol.reconcile.Differences;
import net.spillway.protocol.reconcile.ReconcileException;
import net.spillway.spool.LogEntry;
import net.spillway.spool.MemorySpool;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Presence;
import net.spillway.spool.StoreOutcome;

/**
 * Relays in one JVM, on a virtual network and by a virtual clock: the feeds' own sessions, windows
 * and cursors, the offer table, the spool in memory and the comparison, driven by events in the
 * order of time. All chance comes from one seed, so a run can be had again.
 */
final class SimulatedRelays {
    /** A run of a thousand relays has a tenth of it. */
    private static final long MAX_EVENTS = 20_000_000;
    private static final int MAX_TURNS = 100_000;
    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
    private static final String GROUP = "spill.test";
    private static final long TICK = 5_000;
    /** How often a feed looks what is to be offered again. */
    private static final long FEED_TICK = 100;
    /** A command or a reply, with all that a packet has besides. */
    private static final int LINE_OCTETS = 120;
    /** The loopback device's packets, and what waits before tbf at 8 Mbit/s and 200 ms. */
    private static final int PACKET_OCTETS = 64 * 1024;
    private static final int WAITING_OCTETS = 270_000;
    /** After so long TCP tries again to send what its own device has no room for. */
    private static final long AGAIN = 500;

    private record Event(long at, long order, Runnable deed) {
    }

    final Random random;
    final List<Node> nodes = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now;
    private long scheduled;
    private boolean comparing = true;
    private byte[] body = "text\r\n".getBytes(StandardCharsets.US_ASCII);
    private Optional<NarrowWay> narrow = Optional.empty();
    /** First offers, bodies sent, and bodies that were taken. */
    long offers;
    long bodies;
    long taken;
    long lost;
    long deferrals;
    /** Those for which a narrow way had no room. */
    long packetsLost;
    long lastTaken;

    SimulatedRelays(long seed, int count) {
        random = new Random(seed);
        for (int i = 0; i < count; i++) {
            nodes.add(new Node(i));
        }
    }

    /** Without comparisons what remains is what feeds do alone. */
    void feedsAlone() {
        comparing = false;
    }

    /**
     * From now on everything that is sent goes by one way that lets so much through, and keeps a
     * little of what is too much; articles are of that size.
     */
    void narrow(int octetsPerMilli, int bodyOctets) {
        narrow = Optional.of(new NarrowWay(octetsPerMilli));
        body = "text\r\n".repeat(bodyOctets / 6).getBytes(StandardCharsets.US_ASCII);
        lines.forEach(line -> at(random.nextLong(FEED_TICK), line::comeBack));
    }

    private record Parcel(int octets, Runnable arrives) {
    }

    /** Octets on their way over the narrow way in one packet, and what they bring. */
    private record Flight(int octets, List<Runnable> arrivals) {
    }

    /**
     * One way of a connection as TCP sends it: one packet at a time, with as much as waits, and
     * what there is no room for later.
     */
    private final class Stream {
        private final Queue<Parcel> waiting = new ArrayDeque<>();
        private boolean busy;

        void send(Parcel parcel, NarrowWay way) {
            waiting.add(parcel);
            if (!busy) {
                busy = true;
                at(0, () -> next(way)); // With what is sent in the same moment.
            }
        }

        private void next(NarrowWay way) {
            List<Runnable> arrivals = new ArrayList<>();
            int octets = 0;
            while (!waiting.isEmpty() && (arrivals.isEmpty()
                    || octets + waiting.peek().octets() <= PACKET_OCTETS)) {
                Parcel parcel = waiting.remove();
                octets += parcel.octets();
                arrivals.add(parcel.arrives());
            }
            busy = !arrivals.isEmpty();
            if (busy) {
                launch(new Flight(octets, arrivals), way);
            }
        }

        private void launch(Flight flight, NarrowWay way) {
            if (!way.accepts(flight.octets(), () -> arrived(flight, way))) {
                at(AGAIN, () -> launch(flight, way));
            }
        }

        private void arrived(Flight flight, NarrowWay way) {
            flight.arrivals().forEach(Runnable::run);
            next(way);
        }
    }

    /** Lets one packet through after the other, and takes none for which it has no room. */
    private final class NarrowWay {
        private final double octetsPerMilli;
        private double freeAt;

        NarrowWay(int octetsPerMilli) {
            this.octetsPerMilli = octetsPerMilli;
        }

        boolean accepts(int octets, Runnable arrives) {
            double begun = Math.max(freeAt, now);
            if ((begun - now) * octetsPerMilli + octets > WAITING_OCTETS) {
                packetsLost++;
                return false;
            }
            freeAt = begun + octets / octetsPerMilli;
            at(Math.max(0, Math.round(freeAt) - now), arrives);
            return true;
        }
    }

    /** Feeds both ways over links that take so long on average, each in its own way. */
    void connect(int a, int b, double meanMillis) {
        link(a, b, Math.max(1, Math.round(-Math.log(1 - random.nextDouble()) * meanMillis)));
    }

    /** The same over a link that takes exactly so long. */
    void link(int a, int b, long latency) {
        for (Line line : List.of(new Line(nodes.get(a), nodes.get(b), latency),
                new Line(nodes.get(b), nodes.get(a), latency))) {
            lines.add(line);
            line.from.out.add(line);
        }
    }

    int edges() {
        return lines.size() / 2;
    }

    /** That an article can come to a relay. @param key what decides who sends it */
    private record Arrival(long key, long done, Node at) {
    }

    /**
     * How long an article takes from the first relay to the last if nothing fails, computed from
     * the links alone: three ways over each link, the offer, its answer and the article.
     *
     * @param firstOfferWins whoever offers first sends, as it is; or whoever would be done first,
     *     which nobody can know
     */
    long lastArrival(boolean firstOfferWins) {
        PriorityQueue<Arrival> ahead = new PriorityQueue<>(
                Comparator.comparingLong(Arrival::key));
        Set<Node> have = new HashSet<>();
        ahead.add(new Arrival(0, 0, nodes.getFirst()));
        long last = 0;
        while (!ahead.isEmpty()) {
            Arrival next = ahead.poll();
            if (have.add(next.at())) {
                last = Math.max(last, next.done());
                for (Line line : next.at().out) {
                    long done = next.done() + 3 * line.latency;
                    ahead.add(new Arrival(firstOfferWins ? next.done() + line.latency : done,
                            done, line.to));
                }
            }
        }
        return last;
    }

    private void at(long delay, Runnable deed) {
        events.add(new Event(now + delay, scheduled++, deed));
    }

    /** Does something so much later. */
    void later(long delay, Runnable deed) {
        at(delay, deed);
    }

    void start() {
        lines.forEach(Line::connect);
        lines.forEach(line -> at(random.nextLong(TICK), line::tick));
    }

    /** Lets so much time go by; fails if more happens in it than can in a network that is well. */
    void run(long millis) {
        long end = now + millis;
        long happened = 0;
        while (!events.isEmpty() && events.peek().at() <= end) {
            if (++happened > MAX_EVENTS) {
                throw new IllegalStateException(MAX_EVENTS + " events and no end");
            }
            Event event = events.poll();
            now = event.at();
            event.deed().run();
        }
        now = end;
    }

    long now() {
        return now;
    }

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return BEGIN.plusMillis(now);
        }
    };

    /** One relay. */
    final class Node {
        final String name;
        private MemorySpool spool;
        private OfferTable table = new OfferTable(clock);
        boolean up = true;
        boolean diskFull;
        /** Acknowledges what it then loses, as a disk without fsync does when power fails. */
        boolean forgetful;
        private int posted;
        /** What is in the log, as far as that was read. */
        private final Map<MessageId, LogEntry> byId = new HashMap<>();
        private long logged;
        private final List<Line> out = new ArrayList<>();

        Node(int number) {
            name = "r" + number + ".example";
            spool = new MemorySpool(SpoolConfig.at(Path.of("nowhere")), name, clock);
            try {
                spool.createGroup(GROUP, 'y', "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        MessageId post() {
            MessageId id = MessageId.of("<" + posted++ + "@" + name + ">");
            store(id, "not-for-mail", clock.instant().minusMillis(now % 1000), "");
            return id;
        }

        private void store(MessageId id, String path, Instant date, String source) {
            byte[] head = ("Path: " + name + "!" + path + "\r\nNewsgroups: " + GROUP
                    + "\r\nMessage-ID: " + id + "\r\n").getBytes(StandardCharsets.US_ASCII);
            StoreOutcome outcome = spool.store(new NewArticle(id, head, body, 0, body.length, 1,
                    head.length + 2 + body.length, List.of(GROUP), clock.instant(),
                    Optional.of(date), source)).join();
            if (!(outcome instanceof StoreOutcome.Stored)) {
                throw new AssertionError(name + " stores " + id + " twice");
            }
            lines.stream().filter(line -> line.from == this).forEach(Line::pump);
        }

        boolean has(MessageId id) {
            return spool.presence(id) == Presence.STORED;
        }

        Set<String> articles() {
            Set<String> ids = new TreeSet<>();
            entries().forEach(entry -> ids.add(entry.id().value()));
            return ids;
        }

        private List<LogEntry> entries() {
            return spool.log(0, Integer.MAX_VALUE);
        }

        private LogEntry entry(MessageId id) {
            if (!byId.containsKey(id)) {
                for (LogEntry entry : spool.log(logged, Integer.MAX_VALUE)) {
                    byId.put(entry.id(), entry);
                    logged = entry.sequence();
                }
            }
            return byId.get(id);
        }

        /** Stops at once: sessions, offers and what feeds had not saved are gone. */
        void crash() {
            up = false;
            lines.stream().filter(l -> l.from == this || l.to == this).forEach(Line::lose);
            table = new OfferTable(clock);
            spool = spool.reopen();
            byId.clear();
            logged = 0;
        }

        void restart() {
            up = true;
            lines.stream().filter(l -> l.from == this).forEach(Line::begin);
            lines.stream().filter(l -> l.from == this || l.to == this).forEach(Line::connect);
        }

        /** What CHECK is answered, as the server's commands decide it. */
        private int check(MessageId id, String from, String session) {
            return switch (spool.presence(id)) {
                case STORED, REMEMBERED -> 438;
                case PENDING -> 431;
                case UNKNOWN -> diskFull ? 431
                        : table.offer(id, session, from) != OfferTable.Decision.DEFERRED ? 238 : 431;
            };
        }

        private int take(MessageId id, LogEntry entry, String from, String session) {
            table.begins(id, session, from);
            if (diskFull) {
                table.failed(id, session, false);
                return 400;
            }
            boolean wanted = spool.presence(id) == Presence.UNKNOWN
                    && !PathLoopCheck.passedThrough(entry.path(), Set.of(name));
            if (wanted && forgetful) {
                lost++;
            } else if (wanted) {
                taken++;
                lastTaken = now;
                store(id, entry.path(), entry.posted().orElseThrow(), from);
            }
            table.settled(id, session);
            return wanted ? 239 : 439;
        }
    }

    /** The feed from one relay to another over one connection. */
    private final class Line {
        private final Node from;
        private final Node to;
        private final long latency;
        private final PeerConfig peer;
        private final FeedCounters counters = new FeedCounters();
        private final Agenda agenda;
        private OfferWindow window;
        private Optional<PeerSession> session = Optional.empty();
        private FarEnd farEnd;
        private int connections;
        private int stalls;
        private boolean paused;

        Line(Node from, Node to, long latency) {
            this.from = from;
            this.to = to;
            this.latency = latency;
            this.peer = PeerConfig.sendingTo(to.name, HostPort.of("127.0.0.1", 119));
            this.agenda = new Agenda(clock.instant(),
                    Duration.ofSeconds(random.nextInt(15 * 60)));
            begin();
        }

        /** From what was saved. */
        void begin() {
            window = new OfferWindow(new SpoolFeedStore(from.spool), FeedPolicy.of(peer),
                    from.spool.feedPosition(to.name), FeedTuning.DEFAULT, clock);
        }

        void connect() {
            if (session.isEmpty() && from.up && to.up && !paused) {
                farEnd = new FarEnd(from.name + ">" + to.name + "#" + connections++);
                session = Optional.of(new PeerSession(peer.link(), 60_000, new OfferDesk(window,
                        new SpoolFeedStore(from.spool), counters, new Pace(Long.MAX_VALUE, now),
                        (id, reply) -> { }), farEnd, now));
                farEnd.answer("200 hello");
            }
        }

        /** The connection breaks; what was on its way is lost. */
        void lose() {
            session.ifPresent(s -> {
                farEnd.open = false;
                s.closed("lost", now);
                to.table.sessionEnded(farEnd.name);
            });
            session = Optional.empty();
        }

        void tick() {
            at(TICK, this::tick);
            if (!from.up) {
                return;
            }
            session.ifPresent(s -> s.tick(now));
            session.flatMap(PeerSession::ending).ifPresent(ending -> lose());
            connect();
            pump();
            from.spool.saveFeedPosition(to.name, window.position());
            boolean through = window.readyCount() == 0
                    && window.cursor() >= from.spool.committed();
            if (comparing && session.isPresent()) {
                agenda.due(clock.instant(), true, () -> through).ifPresent(this::compare);
            } else {
                agenda.due(clock.instant(), session.isPresent(), () -> through);
            }
        }

        /** Offers what there is, and comes back for what was put off. */
        void pump() {
            if (!from.up) {
                return;
            }
            try {
                boolean more = true;
                for (int turn = 0; more; turn++) {
                    if (turn == MAX_TURNS) {
                        throw new IllegalStateException(from.name + " offers without end");
                    }
                    more = window.refill(now);
                    session.ifPresent(s -> s.pump(now));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Where answers take long, what was put off waits longer than the shortest time. */
        private void comeBack() {
            at(FEED_TICK, this::comeBack);
            pump();
        }

        private void compare(Instant since) {
            Scope scope = new Scope(since.getEpochSecond(), clock.instant().getEpochSecond() - 10,
                    Wildmat.ALL, Wildmat.ALL, Long.MAX_VALUE);
            try {
                Asker asker = new Asker(Census.take(from.spool, scope, entry -> true),
                        new Differences() {
                            @Override
                            public void lackingThere(long tag) {
                                window.again(tag, false);
                            }

                            @Override
                            public void lackingHere(long high, long low) {
                                // Its own feed sees to that.
                            }
                        });
                Answerer answerer = new Answerer(Census.take(to.spool, scope, entry -> true));
                while (!asker.isDone()) { // Both of them end it after 64 rounds.
                    for (byte[] frame : asker.frames()) {
                        asker.answered(answerer.answer(frame));
                    }
                }
                agenda.done(clock.instant());
                pump();
            } catch (IOException | ReconcileException e) {
                throw new AssertionError(e);
            }
        }

        /** The other side, and the way there and back. */
        private final class FarEnd implements Wire {
            private final String name;
            private boolean open = true;
            private final Stream thither = new Stream();
            private final Stream hither = new Stream();
            private MessageId announced;

            FarEnd(String name) {
                this.name = name;
            }

            private void send(Stream stream, int octets, Runnable deed) {
                Runnable far = () -> at(latency + stalls, deed);
                narrow.ifPresentOrElse(way -> stream.send(new Parcel(octets, far), way), far);
            }

            private void there(int octets, Runnable deed) {
                send(thither, octets, () -> {
                    if (open && to.up) {
                        deed.run();
                    }
                });
            }

            void answer(String reply) {
                send(hither, LINE_OCTETS, () -> {
                    if (open && from.up) {
                        session.ifPresent(s -> s.line(reply, now));
                        session.flatMap(PeerSession::ending).ifPresent(ending -> lose());
                        pump();
                        comeBack(reply);
                    }
                });
            }

            private void comeBack(String reply) {
                if (reply.startsWith("431")) {
                    deferrals++;
                    at(FeedTuning.DEFAULT.retryFirst().toMillis() + 1, Line.this::pump);
                }
            }

            @Override
            public void line(String line) {
                if (line.equals("MODE STREAM")) {
                    there(LINE_OCTETS, () -> answer("203 go on"));
                } else if (line.startsWith("CHECK ")) {
                    MessageId id = MessageId.of(line.substring(6));
                    offers++;
                    there(LINE_OCTETS, () -> answer(to.check(id, from.name, name) + " " + id));
                } else if (line.startsWith("TAKETHIS ")) {
                    announced = MessageId.of(line.substring(9));
                }
            }

            @Override
            public void article(OutgoingArticle article) {
                MessageId id = announced;
                LogEntry entry = from.entry(id);
                bodies++;
                article.close();
                at(0, () -> {
                    if (open) {
                        session.ifPresent(s -> s.articlesSent(1));
                    }
                });
                there(LINE_OCTETS + body.length, () -> {
                    answer(to.take(id, entry, from.name, name) + " " + id);
                });
            }

            @Override
            public void compress() {
                throw new AssertionError("nobody asked for that");
            }

            @Override
            public void flush() {
                // Everything is on its way already.
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
                open = false;
            }
        }
    }

    /** From now on only these feeds go on, by who feeds whom; the others come back as they were. */
    void feedOnly(BiPredicate<Integer, Integer> feeds) {
        for (Line line : lines) {
            line.paused = !feeds.test(nodes.indexOf(line.from), nodes.indexOf(line.to));
            if (line.paused) {
                line.lose();
            } else {
                line.connect();
            }
        }
    }

    /** Breaks a connection now. */
    void breakOne() {
        lines.get(random.nextInt(lines.size())).lose();
    }

    /** From now on what goes from one to the other, or is answered there, takes so much longer. */
    void stall(int from, int to, int millis) {
        lines.stream().filter(line -> line.from == nodes.get(from) && line.to == nodes.get(to))
                .forEach(line -> line.stalls = millis);
    }

    /** One link is slow for a while. */
    void stallOne(int millis, long during) {
        Line line = lines.get(random.nextInt(lines.size()));
        line.stalls = millis;
        at(during, () -> line.stalls = 0);
    }
}

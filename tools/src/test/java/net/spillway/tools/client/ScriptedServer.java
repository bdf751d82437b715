package net.spillway.tools.client;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import net.spillway.tools.ServerAddress;

/**
 * A small NNTP server for tests, which keeps articles in memory and misbehaves as it is told. Its
 * articles are shared with others where tests want several servers of one federation.
 */
public final class ScriptedServer implements AutoCloseable {
    /** What may happen to a request for an article. */
    public enum Fault {
        /** 430. */
        MISSING,
        /** The body comes with one octet changed. */
        CORRUPT,
        /** The connection breaks in the middle of the body. */
        CUT,
        /** Nothing comes any more. */
        STALL,
        /** 400, and the connection is closed. */
        GO_AWAY,
        /** 502, in the middle of things. */
        DENY,
        /** 500. */
        NOT_UNDERSTOOD,
        /** 480: a login is wanted all of a sudden. */
        LOGIN_FIRST,
        /** The body of another article. */
        ANOTHER,
        /** A body that is no yEnc. */
        NO_YENC,
        /** No reply at all but garbage. */
        GARBAGE
    }

    /** What may happen to an article that is posted. */
    public enum PostFault {
        /** It is stored, but the connection breaks before 240. */
        STORED_BUT_CUT,
        /** The connection breaks before it is stored. */
        CUT,
        /** It is stored, but 441 is said. */
        STORED_BUT_REFUSED,
        /** 441, not stored. */
        REFUSED,
        /** 441 for want of space, not stored. */
        NO_SPACE,
        /** 440 instead of 340. */
        NOT_ALLOWED,
        /** 400 instead of 340, and the connection is closed. */
        GO_AWAY
    }

    private final ServerSocket listener;
    private final Thread acceptor;
    private final Map<String, byte[]> articles;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> stored = new ConcurrentHashMap<>();
    private final Queue<PostFault> postFaults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger greeted = new AtomicInteger();
    private volatile Function<String, Optional<Fault>> fault = id -> Optional.empty();
    private volatile Function<Integer, String> greeting = n -> "200 ready";
    private volatile Optional<String> login = Optional.empty();
    private volatile PostFault always;
    private volatile boolean silentOnPasswords;
    private volatile boolean streaming;
    private volatile Set<String> lackingGroups = Set.of();
    private volatile boolean knowsStat = true;
    private volatile int closesAt = Integer.MAX_VALUE;

    /** A server with articles of its own. */
    public ScriptedServer() throws IOException {
        this(new ConcurrentHashMap<>());
    }

    /** A server with these articles, by message-ID, in wire form. */
    public ScriptedServer(Map<String, byte[]> articles) throws IOException {
        this(articles, ServerSocketFactory.getDefault());
    }

    /** A server that listens on a socket of this kind. */
    public ScriptedServer(Map<String, byte[]> articles, ServerSocketFactory sockets)
            throws IOException {
        this.articles = articles;
        listener = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        acceptor = Thread.ofPlatform().daemon().name("scripted-server").start(this::accept);
    }

    public ServerAddress address() {
        return ServerAddress.plain("127.0.0.1", listener.getLocalPort());
    }

    public Map<String, byte[]> articles() {
        return articles;
    }

    /** What goes wrong with which message-ID. */
    public ScriptedServer failing(Function<String, Optional<Fault>> how) {
        fault = how;
        return this;
    }

    /** What goes wrong with these message-IDs. */
    public ScriptedServer failing(Set<String> ids, Fault how) {
        return failing(id -> ids.contains(id) ? Optional.of(how) : Optional.empty());
    }

    /** What goes wrong with the next articles posted, in order. */
    public ScriptedServer failingPosts(PostFault... faults) {
        postFaults.addAll(List.of(faults));
        return this;
    }

    /** What goes wrong with every article posted. */
    public ScriptedServer failingAllPosts(PostFault fault) {
        always = fault;
        return this;
    }

    /** Takes articles by TAKETHIS too, and says so. */
    public ScriptedServer streaming() {
        streaming = true;
        return this;
    }

    /** Newsgroups it has not got; of others it does not say. */
    public ScriptedServer lacking(String... groups) {
        lackingGroups = Set.of(groups);
        return this;
    }

    /** The greeting by the connection's number, counted from 1. */
    public ScriptedServer greeting(Function<Integer, String> line) {
        greeting = line;
        return this;
    }

    /** Nothing without this login, written {@code user:password}. */
    public ScriptedServer requiring(String userAndPassword) {
        login = Optional.of(userAndPassword);
        return this;
    }

    /** Whoever shows a password waits. */
    public ScriptedServer silentOnPasswords() {
        silentOnPasswords = true;
        return this;
    }

    /** STAT is not understood. */
    public ScriptedServer withoutStat() {
        knowsStat = false;
        return this;
    }

    /** It goes away with the article that makes them so many, and does not say that it has it. */
    public ScriptedServer closingAt(int articles) {
        closesAt = articles;
        return this;
    }

    /** Whether STAT finds it: what BODY does not find, STAT does not find either. */
    private boolean has(String id) {
        return articles.containsKey(id)
                && fault.apply(id).filter(f -> f == Fault.MISSING).isEmpty();
    }

    /** How often an article was asked for by BODY. */
    public int requests(String id) {
        return requests.getOrDefault(id, new AtomicInteger()).get();
    }

    /** Whether all of an answer to BODY was handed to the system, to be sent. */
    public boolean hasAnswered(String id) {
        return answered.contains(id);
    }

    public int requests() {
        return requests.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** How often an article came in and was stored. */
    public Map<String, AtomicInteger> stored() {
        return stored;
    }

    public int connections() {
        return greeted.get();
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        listener.close();
        awaitLastConnection();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** A connection may still be taken by an accept() that was under way; it must not be served. */
    private void awaitLastConnection() {
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            new Session(socket).run();
        } catch (IOException | InterruptedException e) {
            // The client went away, or we closed.
        }
    }

    private final class Session {
        private final WireReader in;
        private final OutputStream out;
        private boolean loggedIn = login.isEmpty();

        Session(Socket socket) throws IOException {
            in = new WireReader(socket.getInputStream(), 64 << 20);
            out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
        }

        void run() throws IOException, InterruptedException {
            String hello = greeting.apply(greeted.incrementAndGet());
            if (hello.equals("hang")) {
                end.await();
            }
            say(hello);
            out.flush();
            if (!hello.startsWith("20")) {
                return;
            }
            while (true) {
                out.flush();
                String[] words = in.line().split(" ");
                if (!command(words[0].toUpperCase(Locale.ROOT), words)) {
                    out.flush();
                    return;
                }
                if (words[0].equals("BODY")) {
                    out.flush();
                    answered.add(words[1]);
                }
            }
        }

        private boolean command(String keyword, String[] words)
                throws IOException, InterruptedException {
            switch (keyword) {
                case "CAPABILITIES" -> say("101 list", "VERSION 2", "MODE-READER",
                        streaming ? "STREAMING" : "POST", ".");
                case "MODE" -> say(words[1].equals("STREAM") ? "203 stream" : "200 reader");
                case "GROUP" -> say(lackingGroups.contains(words[1]) ? "411 no such newsgroup"
                        : "500 what?");
                case "TAKETHIS" -> {
                    return take(words[1]);
                }
                case "AUTHINFO" -> authenticate(words);
                case "QUIT" -> {
                    say("205 bye");
                    return false;
                }
                case "STAT" -> say(!knowsStat ? "500 what?" : has(words[1])
                        ? "223 0 " + words[1] : "430 no such article");
                case "BODY" -> {
                    return loggedIn ? body(words[1]) : refuse("480 log in first");
                }
                case "POST" -> {
                    return loggedIn ? post() : refuse("480 log in first");
                }
                default -> say("500 what?");
            }
            return true;
        }

        private boolean refuse(String why) throws IOException {
            say(why);
            return true;
        }

        private void authenticate(String[] words) throws IOException {
            String[] right = login.orElse("nobody:nothing").split(":");
            boolean user = words[1].equalsIgnoreCase("USER");
            if (user) {
                say(words[2].equals(right[0]) ? "381 password" : "481 no");
            } else if (!silentOnPasswords) {
                loggedIn |= words[2].equals(right[1]);
                say(loggedIn ? "281 welcome" : "481 no");
            }
        }

        private boolean body(String id) throws IOException, InterruptedException {
            requests.computeIfAbsent(id, i -> new AtomicInteger()).incrementAndGet();
            byte[] wire = articles.get(id);
            Fault how = fault.apply(id).orElse(wire == null ? Fault.MISSING : null);
            if (how == null) {
                say("222 0 " + id);
                int from = bodyStart(wire);
                out.write(wire, from, wire.length - from);
                return true;
            }
            switch (how) {
                case MISSING -> say("430 no such article");
                case CORRUPT -> corrupt(id, wire);
                case CUT -> {
                    say("222 0 " + id);
                    out.write(wire, bodyStart(wire), (wire.length - bodyStart(wire)) / 2);
                    return false;
                }
                case STALL -> {
                    out.flush();
                    end.await();
                }
                case GO_AWAY -> {
                    say("400 going down");
                    return false;
                }
                case DENY -> say("502 not any more");
                case NOT_UNDERSTOOD -> say("500 what?");
                case LOGIN_FIRST -> say("480 log in first");
                case ANOTHER -> {
                    String other = articles.keySet().stream().filter(a -> !a.equals(id))
                            .findFirst().orElseThrow();
                    say("222 0 " + other);
                    byte[] its = articles.get(other);
                    out.write(its, bodyStart(its), its.length - bodyStart(its));
                }
                case NO_YENC -> say("222 0 " + id, "hello", "there", ".");
                case GARBAGE -> {
                    say("<html>this is no news server</html>");
                    return false;
                }
            }
            return true;
        }

        private void corrupt(String id, byte[] wire) throws IOException {
            byte[] copy = wire.clone();
            int at = bodyStart(wire) + (wire.length - bodyStart(wire)) / 2;
            while (copy[at] < 'A' || copy[at] > 'Z' || copy[at - 1] == '=') {
                at++;
            }
            copy[at] = (byte) (copy[at] == 'A' ? 'B' : 'A');
            say("222 0 " + id);
            out.write(copy, bodyStart(copy), copy.length - bodyStart(copy));
        }

        private boolean post() throws IOException {
            PostFault how = always != null ? always : postFaults.poll();
            if (how == PostFault.NOT_ALLOWED || how == PostFault.GO_AWAY) {
                say(how == PostFault.NOT_ALLOWED ? "440 no" : "400 going down");
                return how == PostFault.NOT_ALLOWED;
            }
            say("340 go on");
            out.flush();
            return store(how, "240 thanks", "441 no");
        }

        /** RFC 4644, 2.5: it comes whether it is wanted or not. */
        private boolean take(String id) throws IOException {
            PostFault how = always != null ? always : postFaults.poll();
            return store(how, "239 " + id, "439 " + id);
        }

        private boolean store(PostFault how, String yes, String no) throws IOException {
            byte[] wire = article();
            String id = messageId(wire);
            if (how == PostFault.GO_AWAY) {
                say("400 going down");
            }
            if (how == PostFault.CUT || how == PostFault.GO_AWAY) {
                return false;
            }
            if (how == PostFault.NO_SPACE) {
                say("441 cannot be stored now, try again later: no space left in /news");
                return true;
            }
            if (how == PostFault.REFUSED || articles.putIfAbsent(id, wire) != null) {
                say(no);
                return true;
            }
            stored.computeIfAbsent(id, i -> new AtomicInteger()).incrementAndGet();
            if (articles.size() >= closesAt) {
                close();
                return false;
            }
            if (how == PostFault.STORED_BUT_CUT) {
                return false;
            }
            say(how == PostFault.STORED_BUT_REFUSED ? no : yes);
            return true;
        }

        private byte[] article() throws IOException {
            Block block = in.block().orElseThrow();
            byte[] wire = Arrays.copyOfRange(block.bytes(), block.from(), block.to() + 3);
            System.arraycopy(".\r\n".getBytes(StandardCharsets.US_ASCII), 0, wire,
                    block.length(), 3);
            return wire;
        }

        private void say(String... lines) throws IOException {
            for (String line : lines) {
                out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** For what is scripted: goes on when something else has happened, or half a minute later. */
    public static void hold(CountDownLatch until) {
        try {
            until.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The message-ID of an article. */
    public static String messageId(byte[] wire) {
        return header(wire, "Message-ID");
    }

    /** The first value of a header. */
    public static String header(byte[] wire, String name) {
        String head = new String(wire, 0, bodyStart(wire), StandardCharsets.UTF_8);
        return head.lines().filter(l -> l.startsWith(name + ": ")).findFirst()
                .map(l -> l.substring(name.length() + 2)).orElseThrow();
    }

    /** Where the body begins. */
    public static int bodyStart(byte[] wire) {
        for (int i = 0; ; i++) {
            if (wire[i] == '\r' && wire[i + 1] == '\n' && wire[i + 2] == '\r'
                    && wire[i + 3] == '\n') {
                return i + 4;
            }
        }
    }

    /** The message-IDs of all articles, sorted by their subjects. */
    public List<String> ids() {
        List<String> ids = new ArrayList<>(articles.keySet());
        ids.sort(Comparator.comparing(id -> header(articles.get(id), "Subject")));
        return ids;
    }
}

package net.spillway.it;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** One relay as a child process, which can be stopped, killed and started again. */
final class RelayProcess {
    private static final Pattern READY =
            Pattern.compile("^ready nntp=(\\S+):(\\d+)(?: nntp=\\S+)*(?: nntps=(\\S+):(\\d+))?"
                    + "(?: admin=(\\S+))?$",
                    Pattern.MULTILINE);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Most of the relays here live for seconds, of which compiling well would take half. */
    private static final String JAVA_OPTIONS =
            "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private final String name;
    private final Path folder;
    private final String[] arguments;
    private final List<FaultyLink> linksToUs = new ArrayList<>();
    private final List<FaultyLink> tlsLinksToUs = new ArrayList<>();
    private List<String> launcher = List.of();
    private Optional<InetSocketAddress> outside = Optional.empty();
    private Optional<Process> process = Optional.empty();
    private Path log;
    private int starts;
    private InetSocketAddress address;
    private Optional<InetSocketAddress> tlsAddress = Optional.empty();

    /** A relay that is not started yet; its logs go to {@code folder}. */
    RelayProcess(String name, Path folder, String... arguments) {
        this.name = name;
        this.folder = folder;
        this.arguments = arguments;
        this.log = folder.resolve("none");
    }

    String name() {
        return name;
    }

    /** The folder with its configuration, data and logs. */
    Path folder() {
        return folder;
    }

    /** Where its configuration is, if it has one. */
    Path config() {
        return folder.resolve("relay.toml");
    }

    /** Runs it in a network namespace, where it is reached from here at that address. */
    void runIn(String namespace, InetSocketAddress reachedAt) {
        launcher = List.of("ip", "netns", "exec", namespace);
        outside = Optional.of(reachedAt);
    }

    /** Links that shall lead to this relay, whatever port it gets at its next start. */
    void addLink(FaultyLink link) {
        linksToUs.add(link);
    }

    /** The same for links that shall lead to its TLS listener. */
    void addTlsLink(FaultyLink link) {
        tlsLinksToUs.add(link);
    }

    /** Where it listens, or listened when it last ran. */
    InetSocketAddress address() {
        return address;
    }

    /** As {@code --to} and {@code --from} have it. */
    String hostPort() {
        return address.getHostString() + ":" + address.getPort();
    }

    /** Its first TLS listener, as {@code --to} and {@code --from} have it. */
    String tlsAddress() {
        InetSocketAddress at = tlsAddress.orElseThrow();
        return "nntps://" + at.getHostString() + ":" + at.getPort();
    }

    /** Where its admin page is. */
    String adminPage() {
        return readyLine().orElseThrow().group(5);
    }

    /** A new connection. */
    NntpWire connect() throws IOException {
        return new NntpWire(address);
    }

    /** Starts it and waits until it says that it is ready. */
    RelayProcess start() throws IOException {
        if (process.isPresent() && process.get().isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        starts++;
        log = folder.resolve("relay-" + starts + ".log");
        ProcessBuilder builder = Program.process(folder, arguments);
        builder.command().addAll(0, launcher);
        builder.environment().put("SPILLWAY_JAVA_OPTS", JAVA_OPTIONS);
        Process started = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        process = Optional.of(started);
        started.getOutputStream().close();
        MatchResult ready = Awaitility.await(name + " is ready").atMost(PATIENCE)
                .pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10))
                .until(this::readyLine, Optional::isPresent).orElseThrow();
        address = outside.orElseGet(() ->
                new InetSocketAddress(ready.group(1), Integer.parseInt(ready.group(2))));
        tlsAddress = Optional.ofNullable(ready.group(3))
                .map(host -> new InetSocketAddress(host, Integer.parseInt(ready.group(4))));
        linksToUs.forEach(link -> link.leadTo(address));
        tlsLinksToUs.forEach(link -> link.leadTo(tlsAddress.orElseThrow()));
        return this;
    }

    private Optional<MatchResult> readyLine() {
        Matcher matcher = READY.matcher(log());
        if (matcher.find()) {
            return Optional.of(matcher.toMatchResult());
        }
        if (!isRunning()) {
            throw new IllegalStateException(name + " ended before it was ready:\n" + log());
        }
        return Optional.empty();
    }

    boolean isRunning() {
        return process.isPresent() && process.get().isAlive();
    }

    /** Asks it to load its configuration anew (SIGHUP). */
    void hangUp() throws IOException, InterruptedException {
        assumeFalse(isHangUpIgnored(), "SIGHUP is ignored by all programs started from here, as"
                + " nohup has it");
        Process running = process.orElseThrow();
        new ProcessBuilder("kill", "-HUP", Long.toString(running.pid())).inheritIO().start()
                .waitFor();
    }

    /** A program that is started with a signal ignored, and its children, never see it. */
    private static boolean isHangUpIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
    }

    /** Asks it to stop (SIGTERM) and gives its exit code. */
    int stop() throws InterruptedException {
        Process running = process.orElseThrow();
        running.destroy();
        if (!running.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(name + " does not stop:\n" + log());
        }
        return running.exitValue();
    }

    /** Kills it as a crash would (SIGKILL), and waits until it is gone. */
    void kill() throws InterruptedException {
        if (process.isPresent()) {
            process.get().descendants().forEach(ProcessHandle::destroyForcibly);
            process.get().destroyForcibly().waitFor();
        }
    }

    /** What it said since its last start, on both outputs. */
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            return "(the log cannot be read: " + e.getMessage() + ")";
        }
    }
}

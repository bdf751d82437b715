package net.spillway.tools.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.spillway.protocol.MessageId;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.progress.Progress;

/**
 * Three relays on loopback, each with its own configuration and data folder. Each feeds the next,
 * logging in there by name and password, and the last feeds the first.
 */
final class Ring {
    static final String GROUP = "spill.demo";
    private static final int SIZE = 3;
    private static final int ATTEMPTS = 5;
    /** Below the ports that systems give to outgoing connections, so that restarts find theirs. */
    private static final int LOWEST_PORT = 20_000;
    private static final int PORTS = 12_000;

    private final Workplace workplace;
    private final List<Integer> ports;
    private final List<RelayProcess> running = new ArrayList<>();

    private Ring(Workplace workplace, List<Integer> ports) {
        this.workplace = workplace;
        this.ports = ports;
    }

    /** Starts all three, on other ports if somebody else takes one just then. */
    static Ring start(Workplace workplace, Progress progress)
            throws IOException, InterruptedException {
        for (int attempt = 1;; attempt++) {
            Ring ring = new Ring(workplace, freePorts());
            ring.writeConfigs();
            try {
                ring.startAll(List.of(0, 1, 2), progress);
                return ring;
            } catch (CommandFailure e) {
                if (e.exitCode() != ExitCode.TEMPORARY || attempt == ATTEMPTS) {
                    throw e;
                }
                ring.stopAll(progress);
            }
        }
    }

    ServerAddress address(int relay) {
        return ServerAddress.plain("127.0.0.1", ports.get(relay));
    }

    List<ServerAddress> addresses() {
        return List.of(address(0), address(1), address(2));
    }

    void restart(List<Integer> relays, Progress progress)
            throws IOException, InterruptedException {
        startAll(relays, progress);
    }

    private void startAll(List<Integer> relays, Progress progress)
            throws IOException, InterruptedException {
        try (Progress.Task task =
                progress.start("starting", relays.size(), Progress.Unit.RELAYS)) {
            List<RelayProcess> started = new ArrayList<>();
            for (int relay : relays) {
                started.add(RelayProcess.start(workplace, name(relay), config(relay)));
            }
            running.addAll(started);
            for (RelayProcess relay : started) {
                relay.awaitReady();
                task.advance(1);
            }
        }
    }

    /** Stops those that run, cleanly. */
    void stopAll(Progress progress) throws IOException, InterruptedException {
        try (Progress.Task task =
                progress.start("stopping", running.size(), Progress.Unit.RELAYS)) {
            running.forEach(RelayProcess::askToStop);
            for (RelayProcess relay : running) {
                relay.awaitStopped();
                task.advance(1);
            }
            running.clear();
        }
    }

    /** Deletes articles from all spools, through {@code spillway spool remove}. */
    void removeEverywhere(List<MessageId> ids, Progress progress)
            throws IOException, InterruptedException {
        Path list = workplace.root().resolve("lost-articles.txt");
        Files.write(list, ids.stream().map(MessageId::value).toList(), StandardCharsets.UTF_8);
        try (Progress.Task task =
                progress.start("removing articles on", SIZE, Progress.Unit.RELAYS)) {
            List<Process> removals = new ArrayList<>();
            for (int relay = 0; relay < SIZE; relay++) {
                removals.add(workplace.start(SpillwayProcess
                        .builder("spool", "remove", "--config", config(relay).toString(),
                                "--ids", list.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(removalLog(relay).toFile())));
            }
            for (int relay = 0; relay < SIZE; relay++) {
                int status = removals.get(relay).waitFor();
                if (status != ExitCode.DONE.code()) {
                    throw new CommandFailure(ExitCode.FAILED, "spillway spool remove on "
                            + name(relay) + " ended with " + status + ":\n"
                            + Files.readString(removalLog(relay)));
                }
                task.advance(1);
            }
        }
    }

    private Path removalLog(int relay) {
        return workplace.root().resolve(name(relay) + ".remove.log");
    }

    private static String name(int relay) {
        return "relay-" + (relay + 1);
    }

    private Path config(int relay) {
        return workplace.root().resolve(name(relay) + ".toml");
    }

    private void writeConfigs() throws IOException {
        SecureRandom random = new SecureRandom();
        for (int relay = 0; relay < SIZE; relay++) {
            byte[] password = new byte[16];
            random.nextBytes(password);
            Path file = workplace.root().resolve(name(relay) + ".password");
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(password) + "\n");
            int next = (relay + 1) % SIZE;
            int previous = (relay + SIZE - 1) % SIZE;
            Files.writeString(config(relay), """
                    identity = "%1$s.demo.invalid"
                    data = "%1$s"

                    [[listen]]
                    address = "127.0.0.1:%2$d"

                    [[group]]
                    name = "%3$s"
                    description = "What spillway demo posts"

                    [[user]]
                    name = "%5$s"
                    password_file = "%5$s.password"

                    [[peer]]  # feeds us
                    name = "%5$s.demo.invalid"
                    user = "%5$s"

                    [[peer]]  # is fed by us
                    name = "%4$s.demo.invalid"
                    address = "nntp://127.0.0.1:%6$d"
                    login = { user = "%1$s", password_file = "%1$s.password" }
                    """.formatted(name(relay), ports.get(relay), GROUP, name(next), name(previous),
                    ports.get(next)));
        }
    }

    private static List<Integer> freePorts() throws IOException {
        SecureRandom random = new SecureRandom();
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < SIZE) {
            int port = LOWEST_PORT + random.nextInt(PORTS);
            if (!ports.contains(port) && isFree(port)) {
                ports.add(port);
            }
        }
        return ports;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}

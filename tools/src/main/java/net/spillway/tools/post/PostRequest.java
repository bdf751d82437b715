package net.spillway.tools.post;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import net.spillway.fec.MachineMemory;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.nzb.NzbFile;

/**
 * What to post, where to, and how. Start from {@link #of} and change what differs; each change
 * gives a new request.
 */
public final class PostRequest implements Cloneable {
    public static final double DEFAULT_REDUNDANCY = 0.10;
    public static final int DEFAULT_PART_SIZE = 700 * 1024;
    public static final int DEFAULT_CONNECTIONS = 8;
    public static final String DEFAULT_FROM = "Spillway <poster@spillway.invalid>";
    public static final int MIN_PART_SIZE = 1024;
    public static final int MAX_PART_SIZE = 4 << 20;
    public static final int MAX_CONNECTIONS = 64;
    /** More than this is only used where it is asked for. */
    public static final long ENOUGH_MEMORY = 192L << 20;

    /** How articles are handed over. */
    public enum Method {
        /** TAKETHIS if the server offers streaming, else POST, else IHAVE. */
        AUTO,
        /** RFC 3977, 6.3.1. */
        POST,
        /** RFC 3977, 6.3.2. */
        IHAVE,
        /** RFC 4644, 2.5. */
        TAKETHIS
    }

    /**
     * Input that comes through a pipe, of a length that nobody knows yet.
     *
     * @param name the file name it gets
     */
    public record Piped(InputStream stream, String name) {}

    /**
     * When to believe that a post has arrived.
     *
     * @param copies how many mirrors must have every article
     * @param mirrors where to look
     * @param timeout how long to wait, counted from when everything has been posted
     */
    public record Confirm(int copies, List<ServerAddress> mirrors, Duration timeout) {
        public Confirm {
            mirrors = List.copyOf(mirrors);
        }
    }

    private final List<Path> inputs;
    private final List<ServerAddress> to;
    private final List<String> groups;
    private double redundancy = DEFAULT_REDUNDANCY;
    private int partSize = DEFAULT_PART_SIZE;
    private int connections = DEFAULT_CONNECTIONS;
    private Optional<Path> nzb = Optional.empty();
    private String from = DEFAULT_FROM;
    private long parityMemory = Math.min(MachineMemory.quarter(), ENOUGH_MEMORY);
    private Duration timeout = Duration.ofSeconds(30);
    private Duration patience = Duration.ofSeconds(30);
    private boolean obfuscated;
    private List<NzbFile.Meta> meta = List.of();
    private OptionalLong rate = OptionalLong.empty();
    private Optional<Piped> piped = Optional.empty();
    private Optional<Confirm> confirm = Optional.empty();
    private Method method = Method.AUTO;
    private boolean restart;
    private boolean dryRun;

    private PostRequest(List<Path> inputs, List<ServerAddress> to, List<String> groups) {
        this.inputs = List.copyOf(inputs);
        this.to = List.copyOf(to);
        this.groups = List.copyOf(groups);
    }

    /**
     * With the defaults for everything else.
     *
     * @param inputs files and folders; a folder is posted with its tree under its own name
     * @param to servers, the preferred one first; the others take over when it fails
     * @param groups newsgroups, at least one
     */
    public static PostRequest of(
            List<Path> inputs, List<ServerAddress> to, List<String> groups) {
        return new PostRequest(inputs, to, groups);
    }

    private PostRequest with(Consumer<PostRequest> change) {
        try {
            PostRequest copy = (PostRequest) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Parity in proportion to the data, 0.10 for 10 %; 0 to 10. */
    public PostRequest withRedundancy(double fraction) {
        return with(r -> r.redundancy = fraction);
    }

    /** Largest article payload in octets, before yEnc; 1 KiB to 4 MiB. */
    public PostRequest withPartSize(int octets) {
        return with(r -> r.partSize = octets);
    }

    /** How many connections to keep busy at most, 1 to 64; fewer where a server wants fewer. */
    public PostRequest withConnections(int number) {
        return with(r -> r.connections = number);
    }

    /** Where the manifest goes; else the title with {@code .nzb} in the working directory. */
    public PostRequest withNzb(Path file) {
        return with(r -> r.nzb = Optional.of(file));
    }

    /** The From header, such as {@code Ann <ann@example.org>}. */
    public PostRequest withFrom(String address) {
        return with(r -> r.from = address);
    }

    /**
     * Octets of recovery slices held at once, with slices waiting to be added to them. If recovery
     * slices need more, the input is read once more.
     */
    public PostRequest withParityMemory(long octets) {
        return with(r -> r.parityMemory = octets);
    }

    /**
     * @param timeout how long a server may be silent before its connection is given up
     * @param patience how long to go on trying when no server can be reached
     */
    public PostRequest withTimes(Duration timeout, Duration patience) {
        return with(r -> {
            r.timeout = timeout;
            r.patience = patience;
        });
    }

    /** How long to go on trying when no server can be reached. */
    public PostRequest withPatience(Duration time) {
        return with(r -> r.patience = time);
    }

    /** Hides names of files and the poster everywhere but in the manifest. */
    public PostRequest withObfuscation() {
        return with(r -> r.obfuscated = true);
    }

    /** Further lines for the manifest's head. */
    public PostRequest withMeta(List<NzbFile.Meta> lines) {
        return with(r -> r.meta = List.copyOf(lines));
    }

    /** Octets a second to send at most, all connections together. */
    public PostRequest withRate(long octets) {
        return with(r -> r.rate = OptionalLong.of(octets));
    }

    /** Posts what comes through a pipe, besides the other inputs. */
    public PostRequest withPiped(InputStream stream, String name) {
        return with(r -> r.piped = Optional.of(new Piped(stream, name)));
    }

    /** Waits until mirrors have everything. */
    public PostRequest withConfirm(Confirm wanted) {
        return with(r -> r.confirm = Optional.of(wanted));
    }

    /** How to hand articles over, instead of the best way that the server offers. */
    public PostRequest withMethod(Method way) {
        return with(r -> r.method = way);
    }

    /** Begins anew where a post of the same manifest was broken off, instead of taking it up. */
    public PostRequest withRestart() {
        return with(r -> r.restart = true);
    }

    /** Says what would be posted, and posts nothing. */
    public PostRequest withDryRun() {
        return with(r -> r.dryRun = true);
    }

    public List<Path> inputs() {
        return inputs;
    }

    public List<ServerAddress> to() {
        return to;
    }

    public List<String> groups() {
        return groups;
    }

    public double redundancy() {
        return redundancy;
    }

    public int partSize() {
        return partSize;
    }

    public int connections() {
        return connections;
    }

    public Optional<Path> nzb() {
        return nzb;
    }

    public String from() {
        return from;
    }

    public long parityMemory() {
        return parityMemory;
    }

    public Duration timeout() {
        return timeout;
    }

    public Duration patience() {
        return patience;
    }

    public boolean obfuscated() {
        return obfuscated;
    }

    public List<NzbFile.Meta> meta() {
        return meta;
    }

    public OptionalLong rate() {
        return rate;
    }

    public Optional<Piped> piped() {
        return piped;
    }

    public Optional<Confirm> confirm() {
        return confirm;
    }

    public Method method() {
        return method;
    }

    public boolean restart() {
        return restart;
    }

    public boolean dryRun() {
        return dryRun;
    }
}

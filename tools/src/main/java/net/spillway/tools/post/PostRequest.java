package net.spillway.tools.post;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.spillway.tools.ServerAddress;

/**
 * What to post, where to, and how. Start from {@link #of} and change what differs.
 *
 * @param inputs files and folders; a folder is posted with its tree under its own name
 * @param to servers, the preferred one first; the others take over when it fails
 * @param groups newsgroups, at least one
 * @param redundancy parity in proportion to the data, 0.10 for 10 %; 0 to 10
 * @param partSize largest article payload in octets, before yEnc; 1 KiB to 4 MiB
 * @param connections how many connections to keep busy, 1 to 64
 * @param nzb where the manifest goes; empty: the title with {@code .nzb} in the working directory
 * @param from the From header, such as {@code Ann <ann@example.org>}
 * @param parityMemory octets of recovery slices held at once, and with what they leave of slices
 *     to be added to them; where recovery slices need more, the input is read again
 * @param timeout how long a server may be silent before its connection is given up
 * @param patience how long to go on trying when no server can be reached
 */
public record PostRequest(
        List<Path> inputs,
        List<ServerAddress> to,
        List<String> groups,
        double redundancy,
        int partSize,
        int connections,
        Optional<Path> nzb,
        String from,
        long parityMemory,
        Duration timeout,
        Duration patience) {
    public static final double DEFAULT_REDUNDANCY = 0.10;
    public static final int DEFAULT_PART_SIZE = 700 * 1024;
    public static final int DEFAULT_CONNECTIONS = 4;
    public static final String DEFAULT_FROM = "Spillway <poster@spillway.invalid>";
    public static final int MIN_PART_SIZE = 1024;
    public static final int MAX_PART_SIZE = 4 << 20;
    public static final int MAX_CONNECTIONS = 64;

    public PostRequest {
        inputs = List.copyOf(inputs);
        to = List.copyOf(to);
        groups = List.copyOf(groups);
    }

    /** With the defaults for everything else. */
    public static PostRequest of(
            List<Path> inputs, List<ServerAddress> to, List<String> groups) {
        return new PostRequest(inputs, to, groups, DEFAULT_REDUNDANCY, DEFAULT_PART_SIZE,
                DEFAULT_CONNECTIONS, Optional.empty(), DEFAULT_FROM,
                Runtime.getRuntime().maxMemory() / 4, Duration.ofSeconds(30),
                Duration.ofSeconds(30));
    }

    public PostRequest withRedundancy(double fraction) {
        return new PostRequest(inputs, to, groups, fraction, partSize, connections, nzb, from,
                parityMemory, timeout, patience);
    }

    public PostRequest withPartSize(int octets) {
        return new PostRequest(inputs, to, groups, redundancy, octets, connections, nzb, from,
                parityMemory, timeout, patience);
    }

    public PostRequest withConnections(int number) {
        return new PostRequest(inputs, to, groups, redundancy, partSize, number, nzb, from,
                parityMemory, timeout, patience);
    }

    public PostRequest withNzb(Path file) {
        return new PostRequest(inputs, to, groups, redundancy, partSize, connections,
                Optional.of(file), from, parityMemory, timeout, patience);
    }

    public PostRequest withFrom(String address) {
        return new PostRequest(inputs, to, groups, redundancy, partSize, connections, nzb, address,
                parityMemory, timeout, patience);
    }

    public PostRequest withParityMemory(long octets) {
        return new PostRequest(inputs, to, groups, redundancy, partSize, connections, nzb, from,
                octets, timeout, patience);
    }

    /** See the record's parameters of these names. */
    public PostRequest withTimes(Duration timeout, Duration patience) {
        return new PostRequest(inputs, to, groups, redundancy, partSize, connections, nzb, from,
                parityMemory, timeout, patience);
    }
}

package net.spillway.relay.transport;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.spillway.relay.access.AddressBlock;

/** Counts connections, in all and by {@link AddressBlock}, and says when there are too many. */
final class ConnectionCount {
    private int most;
    private int mostPerAddress;
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private int all;

    ConnectionCount(int most, int mostPerAddress) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
    }

    /** Other limits hold from now on; who is there stays. */
    synchronized void limits(int newMost, int newMostPerAddress) {
        most = newMost;
        mostPerAddress = newMostPerAddress;
    }

    /** Counts one more; why it should not be served, or empty. */
    synchronized Optional<String> add(InetAddress address) {
        all++;
        int here = byAddress.merge(AddressBlock.of(address), 1, Integer::sum);
        if (all > most) {
            return Optional.of("too many connections; try again later");
        }
        return here > mostPerAddress
                ? Optional.of("too many connections from your address") : Optional.empty();
    }

    /** One of them is gone, served or not. */
    synchronized void remove(InetAddress address) {
        all--;
        byAddress.computeIfPresent(AddressBlock.of(address), (a, n) -> n == 1 ? null : n - 1);
    }
}

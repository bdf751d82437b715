package net.spillway.relay.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * The addresses that are one client's for all we can tell: an IPv4 address by itself; of IPv6 the
 * whole /64, of which a single machine can use any address (RFC 7721, section 2).
 */
public final class AddressBlock {
    private static final int IPV4_OCTETS = 4;
    private static final int SUBNET_OCTETS = 8;

    private AddressBlock() {
    }

    /** The first address of the block. */
    public static InetAddress of(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length == IPV4_OCTETS) {
            return address;
        }
        Arrays.fill(octets, SUBNET_OCTETS, octets.length, (byte) 0);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 octets", e);
        }
    }
}

package net.spillway.conf;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A block of IP addresses, such as {@code 10.0.0.0/8} or {@code ::1}.
 *
 * <p>An IPv4 address that arrives mapped into IPv6 counts as the IPv4 address it is, since the JDK
 * hands it out so.
 */
public final class Cidr {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final byte[] network;
    private final int prefix;

    private Cidr(byte[] network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /**
     * Reads {@code ADDRESS/BITS}, or an address alone for a block of one. Names are not looked up.
     *
     * @throws IllegalArgumentException with a message that says what is wrong; also when bits are
     *     set behind the prefix, since then the one or the other is a typing error
     */
    public static Cidr parse(String text) {
        String trimmed = text.strip();
        int slash = trimmed.indexOf('/');
        byte[] address = literal(slash < 0 ? trimmed : trimmed.substring(0, slash), text);
        int bits = address.length * 8;
        int prefix = slash < 0 ? bits : parsePrefix(trimmed.substring(slash + 1), bits, text);
        byte[] network = mask(address, prefix);
        if (!Arrays.equals(network, address)) {
            throw new IllegalArgumentException("\"" + text + "\" has bits set behind the prefix;"
                    + " write " + new Cidr(network, prefix) + " or another prefix length");
        }
        return new Cidr(network, prefix);
    }

    private static byte[] literal(String address, String text) {
        boolean plausible = IPV4.matcher(address).matches()
                || address.indexOf(':') >= 0 && address.indexOf('%') < 0;
        if (plausible && !address.startsWith("[")) {
            try {
                return InetAddress.ofLiteral(address).getAddress();
            } catch (IllegalArgumentException e) {
                // Falls through to the one message for all that is no address.
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is not an IP address or block;"
                + " write it as 192.0.2.0/24, 192.0.2.7 or 2001:db8::/32");
    }

    private static int parsePrefix(String digits, int bits, String text) {
        if (!digits.isEmpty() && digits.length() <= 3
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(digits) <= bits) {
            return Integer.parseInt(digits);
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" needs a prefix length from 0 to " + bits + " after the slash");
    }

    private static byte[] mask(byte[] address, int prefix) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int keep = Math.clamp(prefix - i * 8L, 0, 8);
            masked[i] &= (byte) (0xff << (8 - keep));
        }
        return masked;
    }

    /** True if the address lies in this block; blocks of one IP version never hold the other. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == network.length && Arrays.equals(mask(bytes, prefix), network);
    }

    /** How many leading bits are fixed. */
    public int prefix() {
        return prefix;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr that
                && prefix == that.prefix && Arrays.equals(network, that.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefix;
    }

    /** A text that {@link #parse} reads back as the same value. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/" + prefix;
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address of " + network.length + " octets", e);
        }
    }
}

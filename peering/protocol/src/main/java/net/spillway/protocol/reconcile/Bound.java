package net.spillway.protocol.reconcile;

/**
 * A place between articles: before all that are not before (time, hash). The hash of a bound is as
 * short as can be, with zeros behind it.
 *
 * @param time seconds since 1970; {@link Long#MAX_VALUE} is behind everything
 * @param high the first 8 octets of the hash
 * @param low the last 8 octets
 * @param octets how many octets of the hash count, 0 to 16; the others are zero
 */
record Bound(long time, long high, long low, int octets) {
    static final int HASH_OCTETS = 16;
    static final Bound START = new Bound(0, 0, 0, 0);
    static final Bound END = new Bound(Long.MAX_VALUE, 0, 0, 0);

    /** The shortest bound that lies behind the first article and not behind the second. */
    static Bound between(ArticleSet set, int first, int second) {
        long time = set.time(second);
        if (set.time(first) != time) {
            return new Bound(time, 0, 0, 0);
        }
        long high = set.high(second);
        long low = set.low(second);
        int common = set.high(first) != high
                ? Long.numberOfLeadingZeros(set.high(first) ^ high) / Byte.SIZE
                : Long.BYTES + Long.numberOfLeadingZeros(set.low(first) ^ low) / Byte.SIZE;
        int octets = Math.min(HASH_OCTETS, common + 1);
        return new Bound(time, head(high, octets), head(low, octets - Long.BYTES), octets);
    }

    private static long head(long value, int octets) {
        if (octets <= 0) {
            return 0;
        }
        return octets >= Long.BYTES ? value : value & -1L << Byte.SIZE * (Long.BYTES - octets);
    }

    /** Whether this comes before the other. */
    boolean isBefore(Bound other) {
        if (time != other.time) {
            return time < other.time;
        }
        int order = Long.compareUnsigned(high, other.high);
        return order < 0 || order == 0 && Long.compareUnsigned(low, other.low) < 0;
    }
}

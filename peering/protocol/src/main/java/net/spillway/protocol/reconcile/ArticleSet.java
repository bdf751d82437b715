package net.spillway.protocol.reconcile;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Articles to be compared, in the order of time and hash of the message-ID. Takes 34 octets of
 * memory for each. Cannot be changed; not safe for several threads at once, since it computes with
 * a digest of its own.
 *
 * <p>The fingerprint of a range is the head of SHA-256 over a sum and a count. The sum is that of
 * SHA-256(8 octets time, 16 octets hash) of its articles, modulo 2^256, in big-endian octets; so
 * sums of neighbours add up, and every sixteenth is kept.
 */
public final class ArticleSet {
    private static final int STEP = 16;
    private static final int SUM_LONGS = 4;

    private final long[] times;
    private final long[] highs;
    private final long[] lows;
    private final long[] tags;
    /** The sums over all articles before 0, 16, 32..., four longs each, the highest first. */
    private final long[] sums;
    private final MessageDigest sha256 = sha256();
    private final ByteBuffer input = ByteBuffer.allocate(40);
    private final byte[] digest = new byte[32];

    private ArticleSet(long[] times, long[] highs, long[] lows, long[] tags) {
        this.times = times;
        this.highs = highs;
        this.lows = lows;
        this.tags = tags;
        this.sums = new long[(times.length / STEP + 1) * SUM_LONGS];
        long[] sum = new long[SUM_LONGS];
        for (int i = 0; i < times.length; i++) {
            if (i % STEP == 0) {
                System.arraycopy(sum, 0, sums, i / STEP * SUM_LONGS, SUM_LONGS);
            }
            add(sum, i);
        }
        if (times.length % STEP == 0) {
            System.arraycopy(sum, 0, sums, times.length / STEP * SUM_LONGS, SUM_LONGS);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** A set to be filled, of so many articles at most. */
    public static Builder builder(int mostArticles) {
        return new Builder(mostArticles);
    }

    /** Gathers articles in any order. */
    public static final class Builder {
        private static final int FIRST = 256;
        private final int most;
        private long[] times = new long[FIRST];
        private long[] highs = new long[FIRST];
        private long[] lows = new long[FIRST];
        private long[] tags = new long[FIRST];
        private int size;

        private Builder(int most) {
            this.most = most;
        }

        /**
         * Adds an article.
         *
         * @param seconds since 1970, when it was injected or written
         * @param hash of its message-ID, 16 octets
         * @param tag what {@link Differences} calls it by
         * @return false if the set is full
         */
        public boolean add(long seconds, byte[] hash, long tag) {
            if (size == most) {
                return false;
            }
            if (size == times.length) {
                int room = (int) Math.min(most, size * 2L);
                times = Arrays.copyOf(times, room);
                highs = Arrays.copyOf(highs, room);
                lows = Arrays.copyOf(lows, room);
                tags = Arrays.copyOf(tags, room);
            }
            ByteBuffer octets = ByteBuffer.wrap(hash);
            times[size] = Math.max(0, seconds);
            highs[size] = octets.getLong();
            lows[size] = octets.getLong();
            tags[size++] = tag;
            return true;
        }

        /** The set; an article that was added twice is in it once. */
        public ArticleSet build() {
            int[] order = sorted();
            int distinct = 0;
            for (int i = 0; i < size; i++) {
                if (i == 0 || compare(order[i - 1], order[i]) != 0) {
                    order[distinct++] = order[i];
                }
            }
            return new ArticleSet(pick(times, order, distinct), pick(highs, order, distinct),
                    pick(lows, order, distinct), pick(tags, order, distinct));
        }

        private static long[] pick(long[] from, int[] order, int count) {
            long[] picked = new long[count];
            for (int i = 0; i < count; i++) {
                picked[i] = from[order[i]];
            }
            return picked;
        }

        /** Merges from the bottom up: articles come nearly sorted, so most merges copy. */
        private int[] sorted() {
            int[] order = new int[size];
            Arrays.setAll(order, i -> i);
            int[] other = new int[size];
            for (int width = 1; width < size; width *= 2) {
                for (int low = 0; low < size; low += 2 * width) {
                    int middle = Math.min(size, low + width);
                    merge(order, other, low, middle, Math.min(size, middle + width));
                }
                int[] merged = other;
                other = order;
                order = merged;
            }
            return order;
        }

        private void merge(int[] from, int[] to, int low, int middle, int high) {
            int left = low;
            int right = middle;
            for (int at = low; at < high; at++) {
                boolean takeLeft = right == high
                        || left < middle && compare(from[left], from[right]) <= 0;
                to[at] = takeLeft ? from[left++] : from[right++];
            }
        }

        private int compare(int a, int b) {
            int order = Long.compare(times[a], times[b]);
            if (order == 0) {
                order = Long.compareUnsigned(highs[a], highs[b]);
            }
            return order != 0 ? order : Long.compareUnsigned(lows[a], lows[b]);
        }
    }

    /** How many articles there are. */
    public int size() {
        return times.length;
    }

    long time(int index) {
        return times[index];
    }

    long high(int index) {
        return highs[index];
    }

    long low(int index) {
        return lows[index];
    }

    long tag(int index) {
        return tags[index];
    }

    /** The first article that is not before the bound, or the size. */
    int indexOf(Bound bound) {
        int low = 0;
        int high = times.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (isBefore(middle, bound)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean isBefore(int index, Bound bound) {
        if (times[index] != bound.time()) {
            return times[index] < bound.time();
        }
        int order = Long.compareUnsigned(highs[index], bound.high());
        return order < 0
                || order == 0 && Long.compareUnsigned(lows[index], bound.low()) < 0;
    }

    /** The first {@link RangeFrame#FINGERPRINT_OCTETS} octets of the hash over sum and count. */
    byte[] fingerprint(int from, int to) {
        long[] sum = sum(from, to);
        input.clear();
        for (long part : sum) {
            input.putLong(part);
        }
        input.putLong(to - from);
        hash();
        return Arrays.copyOf(digest, RangeFrame.FINGERPRINT_OCTETS);
    }

    private long[] sum(int from, int to) {
        long[] sum = new long[SUM_LONGS];
        if (to - from <= 2 * STEP) {
            for (int i = from; i < to; i++) {
                add(sum, i);
            }
            return sum;
        }
        long[] before = sumBefore(from);
        long[] until = sumBefore(to);
        long borrow = 0;
        for (int i = SUM_LONGS - 1; i >= 0; i--) {
            long difference = until[i] - before[i];
            long less = Long.compareUnsigned(until[i], before[i]) < 0 ? 1 : 0;
            sum[i] = difference - borrow;
            borrow = less | (difference == 0 ? borrow : 0);
        }
        return sum;
    }

    private long[] sumBefore(int index) {
        int step = index / STEP;
        long[] sum = Arrays.copyOfRange(sums, step * SUM_LONGS, (step + 1) * SUM_LONGS);
        for (int i = step * STEP; i < index; i++) {
            add(sum, i);
        }
        return sum;
    }

    private void add(long[] sum, int index) {
        input.clear();
        input.putLong(times[index]).putLong(highs[index]).putLong(lows[index]);
        hash();
        ByteBuffer value = ByteBuffer.wrap(digest);
        long carry = 0;
        for (int i = SUM_LONGS - 1; i >= 0; i--) {
            long part = value.getLong(i * Long.BYTES);
            long added = sum[i] + part;
            long more = Long.compareUnsigned(added, part) < 0 ? 1 : 0;
            sum[i] = added + carry;
            carry = more | (sum[i] == 0 ? carry : 0);
        }
    }

    private void hash() {
        try {
            sha256.update(input.array(), 0, input.position());
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new AssertionError("32 octets are enough", e);
        }
    }
}

package net.spillway.spool.index;

/**
 * A group as the index has it.
 *
 * @param key   its own small number, part of the keys of its articles
 * @param low   lowest number; high + 1 while it is empty
 * @param high  highest number ever given
 * @param count articles in it
 */
public record GroupRow(int key, String name, char status, String description, long created,
        long low, long high, long count) {

    GroupRow described(char newStatus, String newDescription, long highAtLeast) {
        long newHigh = Math.max(high, highAtLeast);
        return new GroupRow(key, name, newStatus, newDescription, created,
                count == 0 ? newHigh + 1 : low, newHigh, count);
    }

    /** With so many more articles, of numbers from {@code first} to {@code last}. */
    GroupRow plus(int articles, long first, long last) {
        return new GroupRow(key, name, status, description, created,
                count == 0 ? first : Math.min(low, first), Math.max(high, last),
                count + articles);
    }

    GroupRow minus(long articles, long newLow) {
        long left = Math.max(0, count - articles);
        return new GroupRow(key, name, status, description, created,
                left == 0 ? high + 1 : newLow, high, left);
    }
}

package net.spillway.fec.engine;

/**
 * MD5 of several messages of one length at a time, lane by lane. Message i lies {@code i · stride}
 * bytes behind the first one; those of lanes that are not needed may be anything. For one thread at
 * a time.
 */
public interface Md5Lanes {
    /** How many messages there are at a time. */
    int lanes();

    /** Forgets what was added. */
    void reset();

    /**
     * Adds the next bytes of every message.
     *
     * @param len bytes of each, a multiple of 64
     */
    void update(byte[] data, int offset, int stride, int len);

    /**
     * Adds the last bytes of every message and starts afresh.
     *
     * @param len bytes of each, any number
     * @return the digest of each message
     */
    byte[][] finish(byte[] data, int offset, int stride, int len);
}

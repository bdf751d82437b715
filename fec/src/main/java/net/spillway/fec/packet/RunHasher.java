package net.spillway.fec.packet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * MD5s of stretches of a file that are of one length, several at a time. A volume's recovery
 * packets are such, and hashing them is most of the work of scanning it.
 */
public interface RunHasher {
    /** Bytes of the file that is scanned. */
    @FunctionalInterface
    interface Bytes {
        /** Fills a buffer with bytes, which must be there; for several threads at a time. */
        void read(long from, ByteBuffer dst) throws IOException;
    }

    /** How many stretches to look for, at most. */
    int most();

    /**
     * The MD5s of {@code count} stretches, or nothing if they had better be hashed one by one.
     *
     * @param first where the first one begins
     * @param distance from the beginning of one to that of the next
     * @param length bytes of each
     */
    Optional<Hash16[]> md5s(Bytes bytes, long first, long distance, int count, long length)
            throws IOException;

    /** Hashes one by one. */
    RunHasher NONE =
            new RunHasher() {
                @Override
                public int most() {
                    return 1;
                }

                @Override
                public Optional<Hash16[]> md5s(
                        Bytes bytes, long first, long distance, int count, long length) {
                    return Optional.empty();
                }
            };
}

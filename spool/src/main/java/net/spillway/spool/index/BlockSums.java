package net.spillway.spool.index;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.h2.store.fs.FilePath;

/**
 * CRC32C of each block of 4096 octets of one of H2's files; 0 for a block that was not seen yet.
 * While the file is open they are in memory; when it was closed they lie beside it:
 *
 * <pre>
 *  0  8  magic "SPILLSUM", or zeros while the file is open, or "SPILLBAD" once it was found
 *        damaged, which the next opening is to know whatever it reads itself
 *  8  8  length of the file
 * 16  4  N, blocks
 * 20  4  CRC32C of everything else here
 * 24 4N  CRC32C of each block
 * </pre>
 */
final class BlockSums {
    static final int BLOCK = 4096;
    /** "SPILLSUM" */
    private static final long MAGIC = 0x5350494C4C53554DL;
    /** "SPILLBAD" */
    private static final long CONDEMNED = 0x5350494C4C424144L;
    private static final int HEAD = 24;
    private static final int UNKNOWN = 0;

    private int[] sums = new int[64];

    int get(int block) {
        int[] now = sums;
        return block < now.length ? now[block] : UNKNOWN;
    }

    void set(int block, int sum) {
        if (block >= sums.length) {
            sums = Arrays.copyOf(sums, Math.max(block + 1, 2 * sums.length));
        }
        sums[block] = sum;
    }

    void forgetFrom(int block) {
        if (block < sums.length) {
            Arrays.fill(sums, block, sums.length, UNKNOWN);
        }
    }

    boolean isKnown(int block) {
        return get(block) != UNKNOWN;
    }

    /** Of a whole block; never 0. */
    static int of(ByteBuffer block) {
        var crc = new CRC32C();
        crc.update(block);
        int sum = (int) crc.getValue();
        return sum == UNKNOWN ? 1 : sum;
    }

    /** The file they lie in. */
    record Store(FilePath path) {
        /**
         * What was saved for a file of that length; empty sums if nothing good was.
         *
         * @throws IOException also if the file was condemned
         */
        BlockSums load(long length) throws IOException {
            var loaded = new BlockSums();
            if (!path.exists() || path.size() < HEAD) {
                return loaded;
            }
            int octets = Math.toIntExact(path.size());
            ByteBuffer in = ByteBuffer.allocate(octets);
            try (FileChannel channel = path.open("r")) {
                readFully(channel, in);
            } catch (EOFException cutOff) {
                return loaded;
            }
            if (in.getLong(0) == CONDEMNED) {
                throw new IOException(path + " says that the file was found damaged");
            }
            int blocks = in.getInt(16);
            boolean good = in.getLong(0) == MAGIC && in.getLong(8) == length
                    && blocks == (octets - HEAD) / 4 && in.getInt(20) == crc(in);
            for (int i = 0; good && i < blocks; i++) {
                loaded.set(i, in.getInt(HEAD + 4 * i));
            }
            return loaded;
        }

        /** From now on the file changes, and what is saved here is worth nothing. */
        void spoil() throws IOException {
            if (path.exists() && path.size() > 0) {
                try {
                    write(ByteBuffer.allocate(HEAD));
                } catch (IOException e) {
                    path.delete();
                }
            }
        }

        /** Has the next opening refuse the file. */
        void condemn() throws IOException {
            write(ByteBuffer.allocate(HEAD).putLong(0, CONDEMNED));
        }

        void save(BlockSums sums, long length) throws IOException {
            int blocks = (int) (length / BLOCK);
            ByteBuffer out = ByteBuffer.allocate(HEAD + 4 * blocks);
            out.putLong(MAGIC).putLong(length).putInt(blocks).putInt(0);
            for (int i = 0; i < blocks; i++) {
                out.putInt(sums.get(i));
            }
            out.putInt(20, crc(out));
            write(out.rewind());
        }

        private void write(ByteBuffer out) throws IOException {
            try (FileChannel channel = path.open("rw")) {
                int length = out.limit();
                for (int at = 0; at < length; ) {
                    at += channel.write(out, at);
                }
                channel.truncate(length);
                channel.force(false);
            }
        }

        private static int crc(ByteBuffer all) {
            var crc = new CRC32C();
            crc.update(all.array(), 0, 20);
            crc.update(all.array(), HEAD, all.capacity() - HEAD);
            return (int) crc.getValue();
        }
    }

    static void readFully(FileChannel channel, ByteBuffer into) throws IOException {
        readFully(channel, into, 0);
    }

    static void readFully(FileChannel channel, ByteBuffer into, long from) throws IOException {
        long at = from;
        while (into.hasRemaining()) {
            int n = channel.read(into, at);
            if (n < 0) {
                throw new EOFException("the file ends at " + at);
            }
            at += n;
        }
    }
}

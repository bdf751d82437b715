package net.spillway.tools.post;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** An open input file. What is read of all of them is counted. */
final class InputReader implements AutoCloseable {
    private final InputFile input;
    private final FileChannel channel;
    private final AtomicLong count;

    InputReader(InputFile input, AtomicLong count) throws IOException {
        this.input = input;
        this.channel = FileChannel.open(input.path(), StandardOpenOption.READ);
        this.count = count;
    }

    /** Reads exactly so much from a place in the file; fails if it has become shorter. */
    void read(long at, byte[] into, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
        while (buffer.hasRemaining()) {
            int n = channel.read(buffer, at + buffer.position() - offset);
            if (n < 0) {
                throw input.changed();
            }
            count.addAndGet(n);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

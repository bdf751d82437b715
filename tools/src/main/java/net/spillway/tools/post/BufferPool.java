package net.spillway.tools.post;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A fixed number of buffers, so that reading waits for sending and memory stays bounded. */
final class BufferPool {
    private final BlockingQueue<byte[]> free;

    BufferPool(int buffers, int size) {
        free = new ArrayBlockingQueue<>(buffers);
        for (int i = 0; i < buffers; i++) {
            free.add(new byte[size]);
        }
    }

    /** A buffer that comes back after {@code users} of them have released it; waits for one. */
    Outgoing.Payload take(int users) throws InterruptedException {
        return new Shared(free.take(), new AtomicInteger(users));
    }

    private final class Shared implements Outgoing.Payload {
        private final byte[] bytes;
        private final AtomicInteger users;

        Shared(byte[] bytes, AtomicInteger users) {
            this.bytes = bytes;
            this.users = users;
        }

        @Override
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public void release() {
            if (users.decrementAndGet() == 0) {
                free.add(bytes);
            }
        }
    }
}

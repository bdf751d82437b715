package net.spillway.tools.post;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buffers of one size, of which there are only so many, so that reading waits for sending and
 * memory stays bounded. They are made as they are needed.
 */
final class BufferPool {
    private final ConcurrentLinkedQueue<byte[]> free = new ConcurrentLinkedQueue<>();
    private final Semaphore permits;
    private final int size;

    BufferPool(int buffers, int size) {
        this.permits = new Semaphore(buffers);
        this.size = size;
    }

    /** A buffer that comes back after {@code users} of them have released it; waits for one. */
    Buffer take(int users) throws InterruptedException {
        permits.acquire();
        byte[] bytes = free.poll();
        return new Buffer(bytes == null ? new byte[size] : bytes, new AtomicInteger(users));
    }

    /** Octets that the pool wants back from each who looks at them. */
    final class Buffer {
        private final byte[] bytes;
        private final AtomicInteger users;

        private Buffer(byte[] bytes, AtomicInteger users) {
            this.bytes = bytes;
            this.users = users;
        }

        byte[] bytes() {
            return bytes;
        }

        void release() {
            if (users.decrementAndGet() == 0) {
                free.add(bytes);
                permits.release();
            }
        }
    }
}

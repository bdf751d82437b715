package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two servers that run.
 *
 * @param feeder feeds the other
 * @param taker  is fed
 * @param hold   has the feeder forget the taker (true) or know it again (false), where that can
 *     be done without a restart
 */
record Both(Running feeder, Running taker, Hold hold) implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    /** One of them. */
    record Running(Process process, int port) implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            stop(process);
        }
    }

    /** Holds a feed, or lets it go on. */
    @FunctionalInterface
    interface Hold {
        /** It cannot be held. */
        Hold NONE = held -> {
            throw new IOException("this feed cannot be held");
        };

        void set(boolean held) throws IOException, InterruptedException;
    }

    @Override
    public void close() throws InterruptedException {
        feeder.close();
        taker.close();
    }

    private static void stop(Process process) throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroy);
    }
}

package net.spillway.spool;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes progress on, and logs it when reading segments takes long enough to wonder. */
final class LoggedProgress implements ProgressCallback {
    private static final Logger LOG = LoggerFactory.getLogger(LoggedProgress.class);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ProgressCallback next;
    private long last = System.nanoTime();

    LoggedProgress(ProgressCallback next) {
        this.next = next;
    }

    @Override
    public void progress(long articles, long bytes, long totalBytes) {
        next.progress(articles, bytes, totalBytes);
        if (System.nanoTime() - last > EVERY_NANOS) {
            last = System.nanoTime();
            LOG.info("reading segments: {} articles, {} of {} MiB", articles, bytes >> 20,
                    totalBytes >> 20);
        }
    }
}

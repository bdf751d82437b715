package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import net.spillway.benchmarks.relay.Inn;
import net.spillway.benchmarks.relay.Port;

/**
 * Two innd, of which one has innfeed feed the other: set up for binaries as in the benchmark of one
 * server, and innfeed with more connections and a longer queue than it has by default, since that
 * would leave articles behind in a file; what it does leave there it takes up again every two
 * seconds, not every ten minutes.
 *
 * @param bufferMebibytes size of each CNFS buffer; the files are sparse
 */
record InnPair(int bufferMebibytes) implements Pair {
    /** What innfeed comes from: an address that is no reader's. */
    private static final String FEEDER = "127.0.0.6";

    @Override
    public String name() {
        return "inn";
    }

    @Override
    public String description() throws IOException, InterruptedException {
        return new Inn(bufferMebibytes).description() + ", innfeed with 4 to 8 connections and a backlog of two seconds";
    }

    @Override
    public Both start(Path folder) throws IOException, InterruptedException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        int feeder = Port.free();
        int taker = Port.free();
        Inn inn = new Inn(bufferMebibytes);
        Path to = Files.createDirectories(folder.resolve("b"));
        Process taking = inn.start(to, taker, new Inn.Setup("taker.invalid", List.of(GROUP),
                FEEDER, "ME:*:Tp:\n", ""));
        Path from = Files.createDirectories(folder.resolve("a"));
        Inn.Setup first = new Inn.Setup("feeder.invalid", List.of(GROUP), LOADER, """
                ME:*:Tp:
                innfeed!:!*:Tc,Wnm*:/usr/lib/news/bin/innfeed
                taker/taker.invalid:*:Tm:innfeed!
                """, """
                news-spool: %1$s/spool/articles
                pid-file: %1$s/run/innfeed.pid
                log-file: %1$s/log/innfeed.log
                status-file: %1$s/log/innfeed.status
                backlog-directory: %1$s/spool/innfeed
                use-mmap: true
                bindaddress: %2$s
                streaming: true
                initial-connections: 4
                max-connections: 8
                max-queue-size: 1000
                backlog-ckpt-period: 2
                backlog-newfile-period: 2
                backlog-rotate-period: 2
                peer taker {
                  ip-name: 127.0.0.1
                  port-number: %3$d
                }
                """.formatted(from, FEEDER, taker));
        Process feeding = inn.start(from, feeder, first);
        return new Both(new Both.Running(feeding, feeder), new Both.Running(taking, taker),
                Both.Hold.NONE);
    }
}

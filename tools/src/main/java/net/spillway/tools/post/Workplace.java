package net.spillway.tools.post;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/** The files that a post keeps beside its manifest until that is written. */
final class Workplace {
    private final Path nzb;

    Workplace(Path nzb) {
        this.nzb = nzb;
    }

    Path nzb() {
        return nzb;
    }

    /** See {@link PostJournal}. */
    Path journal() {
        return beside(".posting");
    }

    /** See {@link ParityStore}. */
    Path parity() {
        return beside(".posting.parity");
    }

    /** What came through a pipe. */
    Path input() {
        return beside(".posting.input");
    }

    private Path beside(String ending) {
        return nzb.resolveSibling(nzb.getFileName() + ending);
    }

    /** Whether there is a post to be taken up. */
    boolean isBegun() throws IOException {
        return PostJournal.isBegun(journal());
    }

    /**
     * Keeps what comes through a pipe in a file. One that is there from a post that was begun is
     * whole, and stays.
     *
     * @param read hears how many octets came
     */
    Path spool(InputStream stream, LongConsumer read) throws IOException {
        if (isBegun() && Files.exists(input())) {
            return input();
        }
        Path unfinished = beside(".posting.unfinished");
        try {
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                byte[] buffer = new byte[1 << 16];
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                    for (ByteBuffer some = ByteBuffer.wrap(buffer, 0, n); some.hasRemaining(); ) {
                        channel.write(some);
                    }
                    read.accept(n);
                }
                channel.force(true);
            }
            return Files.move(unfinished, input(), StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Forgets a post that was broken off. */
    void clear() throws IOException {
        Files.deleteIfExists(journal());
        Files.deleteIfExists(parity());
        Files.deleteIfExists(input());
    }
}

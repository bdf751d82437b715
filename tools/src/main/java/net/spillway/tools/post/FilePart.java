package net.spillway.tools.post;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An article's octets, read out of its file when they are wanted.
 *
 * @param octetsRead counts what is read
 */
record FilePart(DataFile file, int article, AtomicLong octetsRead) implements Outgoing.Payload {
    @Override
    public void read(byte[] room, Outgoing.Pieces to) throws IOException, InterruptedException {
        file.input().requireUnchanged();
        try (InputReader in = new InputReader(file.input(), octetsRead)) {
            read(in, room, to);
        }
        file.input().requireUnchanged(); // What was sent before, and hashed, is not this any more.
    }

    /** The same, of the file that is open already. */
    void read(InputReader in, byte[] room, Outgoing.Pieces to)
            throws IOException, InterruptedException {
        long at = file.plan().begin(article);
        int length = file.plan().length(article);
        for (int done = 0; done < length; done += room.length) {
            int n = Math.min(room.length, length - done);
            in.read(at + done, room, 0, n);
            if (at + done == 0) {
                file.requireSameHead(room, n);
            }
            to.add(room, 0, n);
        }
    }
}

package net.spillway.tools.post;

import java.io.IOException;

/**
 * An article's octets in a buffer that others look at too, and that is wanted back: whoever wants
 * them once more gets them out of the file.
 */
final class SharedPart implements Outgoing.Payload {
    private final FilePart part;
    private BufferPool.Buffer buffer;

    SharedPart(FilePart part, BufferPool.Buffer buffer) {
        this.part = part;
        this.buffer = buffer;
    }

    @Override
    public void read(byte[] room, Outgoing.Pieces to) throws IOException, InterruptedException {
        if (buffer == null) {
            part.read(room, to);
            return;
        }
        try {
            to.addAll(buffer.bytes(), part.file().plan().length(part.article()), room.length);
        } finally {
            buffer.release();
            buffer = null;
        }
    }
}

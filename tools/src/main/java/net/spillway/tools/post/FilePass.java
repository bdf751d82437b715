package net.spillway.tools.post;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Optional;
import net.spillway.fec.FileHasher;

/**
 * Reads a file once, an article's worth at a time. The same octets are hashed, added to parity and
 * sent; a repeated pass only adds them to parity.
 */
final class FilePass {
    private final Split split;
    private final BufferPool buffers;
    private final Optional<SliceStage> parity;
    private final Optional<PostingPool> pool;
    private final String domain;

    /**
     * A pass.
     *
     * @param parity where slices are added; empty without parity
     * @param pool where articles go; empty when they have gone already
     */
    FilePass(Split split, BufferPool buffers, Optional<SliceStage> parity,
            Optional<PostingPool> pool, String domain) {
        this.split = split;
        this.buffers = buffers;
        this.parity = parity;
        this.pool = pool;
        this.domain = domain;
    }

    void read(PlannedFile.Data file) throws IOException, InterruptedException {
        InputFile input = file.input;
        input.requireUnchanged();
        FileHasher hasher = new FileHasher(split.sliceSize());
        try (InputStream in = Files.newInputStream(input.path())) {
            for (long at = 0; at < input.length(); at += split.articleSize()) {
                int length = (int) Math.min(split.articleSize(), input.length() - at);
                article(file, in, at, length, hasher);
            }
        } catch (EOFException e) {
            throw input.changed();
        }
        input.requireUnchanged();
        if (pool.isPresent()) {
            file.hashes = hasher.finish();
            if (!file.hashes.md5of16k().equals(file.headMd5)) {
                throw input.changed();
            }
        }
    }

    private void article(PlannedFile.Data file, InputStream in, long at, int length,
            FileHasher hasher) throws IOException, InterruptedException {
        int users = (parity.isPresent() ? 1 : 0) + (pool.isPresent() ? 1 : 0);
        Outgoing.Payload data = buffers.take(users);
        if (in.readNBytes(data.bytes(), 0, length) < length) {
            throw new EOFException();
        }
        if (pool.isPresent()) {
            pool.get().put(file.plan.next(at, data, length, domain));
            hasher.update(data.bytes(), 0, length);
        }
        if (parity.isPresent()) {
            boolean last = at + length == file.input.length();
            parity.get().put(new SliceStage.Chunk(
                    file.firstSlice + (int) (at / split.sliceSize()),
                    (int) (at % split.sliceSize()), last, data, length));
        }
    }
}

package net.spillway.fec;

import java.io.IOException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.spillway.fec.packet.Hash16;

/** Reads files, hashes them and computes their recovery slices. */
final class EncodeJob {
    /** Bytes hashed at a time when nothing else is done with them. */
    private static final int BLOCK = 1 << 20;

    private final List<SourceFile> files;
    private final Par2Layout layout;
    private final int[] exponents;
    private final int recovery;
    private final ParityOptions options;
    private final long total;
    private long done;

    /** Files in any order; they are put into that of the layout. */
    EncodeJob(
            List<SourceFile> files,
            Par2Layout layout,
            int firstExponent,
            int recovery,
            ParityOptions options) {
        this.files = new ArrayList<>(files);
        this.files.sort(Comparator.comparing(SourceFile::id));
        this.layout = layout;
        exponents = IntStream.range(firstExponent, firstExponent + recovery).toArray();
        this.recovery = recovery;
        this.options = options;
        total = files.stream().mapToLong(SourceFile::length).sum();
    }

    Par2Set run(String creator, RecoveryWriter writer) throws IOException {
        int chunk = recovery == 0 ? 0 : options.chunk(exponents, layout.sliceCount(), layout.sliceSize());
        Map<Hash16, FileHashes> hashes;
        if (chunk == layout.sliceSize()) {
            hashes = hashAndEncode(writer);
        } else {
            hashes = hashOnly();
            for (long from = 0; chunk > 0 && from < layout.sliceSize(); from += chunk) {
                int columns = (int) Math.min(chunk, layout.sliceSize() - from);
                encodeColumns(from, columns, writer);
            }
        }
        Par2SetBuilder set = new Par2SetBuilder(layout.sliceSize()).creator(creator);
        for (SourceFile file : files) {
            set.add(file.name(), hashes.get(file.id()));
        }
        return set.build();
    }

    /** One pass: while slices go into the sums, another thread hashes them. */
    private Map<Hash16, FileHashes> hashAndEncode(RecoveryWriter writer) throws IOException {
        Map<Hash16, FileHashes> hashes = new HashMap<>();
        int size = (int) layout.sliceSize();
        try (ParityEncoder encoder = encoder(size);
                OpenFiles in = new OpenFiles(StandardOpenOption.READ);
                ExecutorService hashing =
                        Executors.newSingleThreadExecutor(
                                Thread.ofPlatform().daemon().name("parity-md5").factory())) {
            for (SourceFile file : files) {
                hashes.put(file.id(), checked(file, hashAndEncode(file, encoder, in, hashing)));
            }
            write(encoder, 0, size, writer);
        }
        return hashes;
    }

    private FileHashes hashAndEncode(
            SourceFile file, ParityEncoder encoder, OpenFiles in, ExecutorService hashing)
            throws IOException {
        Par2Layout.Entry entry = layout.entry(file.id());
        int size = (int) layout.sliceSize();
        SliceGroup group = new SliceGroup(options.engine(), size, entry.sliceCount());
        for (int first = 0; first < entry.sliceCount(); first += group.slices()) {
            long from = (long) first * size;
            int n = (int) Math.min(group.bytes().length, file.length() - from);
            in.read(file.path(), from, group.bytes(), 0, n);
            Future<?> hashed = hashing.submit(() -> group.hash(n));
            for (int at = 0; at < n; at += size) {
                int slice = entry.firstSlice() + first + at / size;
                encoder.add(slice, group.bytes(), at, Math.min(size, n - at));
            }
            await(hashed);
            report(ProgressListener.Phase.COMPUTING, n, total);
        }
        return group.finish();
    }

    private ParityEncoder encoder(int columns) {
        return options.encoder(exponents, columns);
    }

    private static void await(Future<?> task) {
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while hashing");
        } catch (ExecutionException e) {
            throw new IllegalStateException("hashing failed: " + e.getCause(), e.getCause());
        }
    }

    private Map<Hash16, FileHashes> hashOnly() throws IOException {
        Map<Hash16, FileHashes> hashes = new HashMap<>();
        byte[] block = new byte[BLOCK];
        try (OpenFiles in = new OpenFiles(StandardOpenOption.READ)) {
            for (SourceFile file : files) {
                FileHasher hasher = new FileHasher(layout.sliceSize());
                for (long from = 0; from < file.length(); from += block.length) {
                    int n = (int) Math.min(block.length, file.length() - from);
                    in.read(file.path(), from, block, 0, n);
                    hasher.update(block, 0, n);
                    report(ProgressListener.Phase.HASHING, n, total);
                }
                hashes.put(file.id(), checked(file, hasher.finish()));
            }
        }
        done = 0;
        return hashes;
    }

    /** The ID was made from the head as it was at first: it must still be the same. */
    private static FileHashes checked(SourceFile file, FileHashes hashes) throws IOException {
        Hash16 id = Par2SetBuilder.fileId(hashes.md5of16k(), hashes.length(), file.name());
        if (!id.equals(file.id())) {
            throw file.changed();
        }
        return hashes;
    }

    private void encodeColumns(long from, int columns, RecoveryWriter writer) throws IOException {
        byte[] part = new byte[columns];
        try (ParityEncoder encoder = encoder(columns);
                OpenFiles in = new OpenFiles(StandardOpenOption.READ)) {
            for (SourceFile file : files) {
                Par2Layout.Entry entry = layout.entry(file.id());
                for (int i = 0; i < entry.sliceCount(); i++) {
                    long at = i * layout.sliceSize() + from;
                    int n = (int) Math.clamp(file.length() - at, 0, columns);
                    in.read(file.path(), at, part, 0, n);
                    encoder.add(entry.firstSlice() + i, part, 0, n);
                    report(ProgressListener.Phase.COMPUTING, n, total);
                }
            }
            write(encoder, from, columns, writer);
        }
    }

    private void write(ParityEncoder encoder, long from, int columns, RecoveryWriter writer)
            throws IOException {
        byte[] bytes = new byte[columns];
        long all = recovery * layout.sliceSize();
        for (int r = 0; r < recovery; r++) {
            encoder.recovery(r, 0, bytes, 0, columns);
            writer.write(r, from, bytes, columns);
            options.progress()
                    .progress(
                            ProgressListener.Phase.WRITING,
                            recovery * from + (r + 1L) * columns,
                            all);
        }
    }

    private void report(ProgressListener.Phase phase, int bytes, long of) {
        done += bytes;
        options.progress().progress(phase, done, of);
    }
}

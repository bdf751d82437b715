package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import net.spillway.fec.packet.Hash16;

/**
 * The files of a set that are being rebuilt: slices at hand are copied into them when they are read
 * for the first time, lost ones when they are computed.
 */
final class DraftFiles {
    /** Bytes copied at a time when nothing else is done with them. */
    private static final int BLOCK = 1 << 20;

    private final Par2Set set;
    private final SortedMap<Integer, SliceLocation> located;
    private final Map<Hash16, Path> paths = new LinkedHashMap<>();

    /** None yet; {@code located} tells where slices at hand are read. */
    DraftFiles(Par2Set set, SortedMap<Integer, SliceLocation> located) {
        this.set = set;
        this.located = located;
    }

    /** Begins to rebuild a file. */
    void add(ParFile file, Path draft) throws IOException {
        paths.put(file.id(), Files.createFile(draft));
    }

    /** The files being rebuilt, in the order of the set. */
    List<ParFile> files() {
        return set.recoverable().stream().filter(file -> paths.containsKey(file.id())).toList();
    }

    /** The draft of a file, or null if it is not being rebuilt. */
    Path path(ParFile file) {
        return paths.get(file.id());
    }

    /** Writes bytes of a slice into its draft, but for zeros behind the end of the file. */
    void put(OpenFiles out, int slice, long from, byte[] bytes, int offset, int len)
            throws IOException {
        Path draft = path(set.fileOf(slice));
        int n = (int) Math.clamp(set.sliceLength(slice) - from, 0, len);
        if (draft != null && n > 0) {
            out.write(draft, set.sliceOffset(slice) + from, bytes, offset, n);
        }
    }

    /** Copies all slices at hand, for when none has to be computed. */
    void copy(int threads, ProgressListener progress) throws IOException {
        int[] slices =
                files().stream()
                        .flatMapToInt(f -> IntStream.range(f.firstSlice(), f.endSlice()))
                        .toArray();
        long total = files().stream().mapToLong(ParFile::length).sum();
        Tally copied = new Tally(progress, ProgressListener.Phase.WRITING, total);
        SharedWork.run(threads, slices.length, () -> new Copier(slices, copied));
    }

    /** Reads slices at hand for one thread. */
    final class Reader implements SliceRepairer.Reader {
        private final OpenFiles sources = new OpenFiles(StandardOpenOption.READ);
        private final OpenFiles out = new OpenFiles(StandardOpenOption.WRITE);
        private final boolean copying;

        /** With {@code copying}, what is read is put into the drafts too. */
        Reader(boolean copying) {
            this.copying = copying;
        }

        @Override
        public void read(int slice, long from, byte[] dst, int offset, int len)
                throws IOException {
            SliceLocation location = located.get(slice);
            int there = (int) Math.clamp(location.length() - from, 0, len);
            sources.read(location.file(), location.offset() + from, dst, offset, there);
            Arrays.fill(dst, offset + there, offset + len, (byte) 0);
            if (copying) {
                put(out, slice, from, dst, offset, len);
            }
        }

        @Override
        public void close() throws IOException {
            try (sources) {
                out.close();
            }
        }
    }

    private final class Copier implements SharedWork.Worker {
        private final int[] slices;
        private final Tally copied;
        private final Reader reader = new Reader(true);
        private final byte[] block = new byte[(int) Math.min(BLOCK, set.sliceSize())];

        Copier(int[] slices, Tally copied) {
            this.slices = slices;
            this.copied = copied;
        }

        @Override
        public void work(int piece) throws IOException {
            int slice = slices[piece];
            int length = set.sliceLength(slice);
            for (int done = 0; done < length; done += block.length) {
                reader.read(slice, done, block, 0, Math.min(block.length, length - done));
            }
            copied.add(length);
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}

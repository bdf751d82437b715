package net.spillway.fec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import net.spillway.fec.engine.SliceEngine;

/**
 * Finds slices that are in place by their MD5s, those of several slices and files at a time, shared
 * out among threads. Every byte is read once.
 */
final class SliceMd5s {
    /** Bytes of a slice taken at a time: a group of such strips stays in the L2 cache. */
    private static final int STRIP = 64 << 10;

    private final Par2Set set;
    private final List<Place> places;
    private final LongConsumer progress;
    private final ManyMd5s md5s;
    private final int strip;
    private final FilePool files = new FilePool(StandardOpenOption.READ);

    /** Of each slice looked at, the index of its place and its index in the file. */
    private final int[] placeOf;
    private final int[] sliceOf;

    /**
     * Where a file of a set may be.
     *
     * @param file has checksums
     * @param length bytes of {@code path} to look at, no more than the file ought to have
     */
    record Place(ParFile file, Path path, long length) {}

    private SliceMd5s(
            Par2Set set, List<Place> places, SliceEngine engine, LongConsumer progress) {
        this.set = set;
        this.places = places;
        this.progress = progress;
        int count = places.stream().mapToInt(this::slices).sum();
        placeOf = new int[count];
        sliceOf = new int[count];
        int at = 0;
        for (int p = 0; p < places.size(); p++) {
            for (int slice = 0; slice < slices(places.get(p)); slice++) {
                placeOf[at] = p;
                sliceOf[at++] = slice;
            }
        }
        md5s = new ManyMd5s(engine, engine.hasMd5Lanes(), count);
        strip = (int) Math.min(STRIP, set.sliceSize());
    }

    private int slices(Place place) {
        return (int) Math.ceilDiv(place.length(), set.sliceSize());
    }

    /**
     * Which slices of each file are where they ought to be. A slice that the end of the file cuts
     * off is not, even if only zeros are lacking.
     *
     * @param warm true to take vector lanes for compiled already
     */
    static List<BitSet> inPlace(
            Par2Set set, List<Place> places, ParityOptions options, Crew crew,
            LongConsumer progress)
            throws IOException {
        SliceMd5s work = new SliceMd5s(set, places, options.engine(), progress);
        work.hash(crew);
        return work.compare();
    }

    private void hash(Crew crew) throws IOException {
        int group = md5s.atATime();
        try (Strips strips = new Strips(group, strip);
                files) {
            crew.each(
                    Math.ceilDiv(placeOf.length, group),
                    g -> {
                        int first = g * group;
                        hash(first, Math.min(group, placeOf.length - first), strips);
                    });
        }
    }

    private void hash(int first, int n, Strips strips) throws IOException {
        int[] which = IntStream.range(first, first + n).toArray();
        boolean whole = strip == set.sliceSize();
        long stride = whole ? strip : strips.stride();
        long[] at = IntStream.range(0, n).mapToLong(i -> i * stride).toArray();
        MemorySegment buffer = strips.take();
        OpenFiles in = files.take();
        try (ManyMd5s.Worker worker = md5s.worker()) {
            for (long from = 0; from < set.sliceSize(); from += strip) {
                int len = (int) Math.min(strip, set.sliceSize() - from);
                if (whole) {
                    readWhole(in, first, n, buffer);
                }
                for (int i = 0; i < n && !whole; i++) {
                    read(in, which[i], from, buffer.asSlice(at[i], len));
                }
                if (from + len == set.sliceSize()) {
                    worker.finish(which, n, buffer, at, len);
                } else {
                    worker.update(which, n, buffer, at, len);
                }
            }
        } finally {
            files.giveBack(in);
        }
        strips.giveBack(buffer);
    }

    /** Slices that fit a strip lie in the buffer as in their file, so that one read does. */
    private void readWhole(OpenFiles in, int first, int n, MemorySegment buffer)
            throws IOException {
        for (int i = first, next; i < first + n; i = next) {
            next = i + 1;
            while (next < first + n && placeOf[next] == placeOf[i]) {
                next++;
            }
            long at = (i - first) * set.sliceSize();
            read(in, i, 0, buffer.asSlice(at, (next - i) * set.sliceSize()));
        }
    }

    /** Bytes of a slice and those behind it, and zeros behind the end of the file. */
    private void read(OpenFiles in, int index, long from, MemorySegment dst) throws IOException {
        Place place = places.get(placeOf[index]);
        long at = sliceOf[index] * set.sliceSize() + from;
        long len = Math.clamp(place.length() - at, 0L, dst.byteSize());
        if (len > 0) {
            in.read(place.path(), at, dst.asSlice(0, len).asByteBuffer());
            progress.accept(len);
        }
        dst.asSlice(len).fill((byte) 0);
    }

    private List<BitSet> compare() {
        List<BitSet> right = places.stream().map(place -> new BitSet()).toList();
        for (int i = 0; i < placeOf.length; i++) {
            Place place = places.get(placeOf[i]);
            long end = Math.min((sliceOf[i] + 1L) * set.sliceSize(), place.file().length());
            boolean is =
                    end <= place.length()
                            && place.file().checksums().get(sliceOf[i]).md5().equals(md5s.get(i));
            right.get(placeOf[i]).set(sliceOf[i], is);
        }
        return right;
    }
}

package net.spillway.tools.fetch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import net.spillway.fec.Par2Set;
import net.spillway.fec.ParFile;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.SliceSink;
import net.spillway.fec.StreamRepairer;
import net.spillway.fec.packet.SliceData;

/**
 * What the slices of a set add up to, summed while they stream by; with the recovery slices added
 * in the end, only the lost ones are left in it, and are solved for. So no file is read again.
 *
 * <p>A slice is added when its article came and had the right CRC-32. Should it turn out not to be
 * what the set's checksums say, what was summed is of no use, and repair reads the files. Safe for
 * many threads.
 */
final class Syndromes implements AutoCloseable {
    /** Memory for all of it; where the sums alone would not fit, files are read again instead. */
    static final long MEMORY = 288L << 20;

    private final Par2Set set;
    private final Set<Integer> exponents = new HashSet<>();
    /** Being made: to get its memory and to compile its loops takes a while. */
    private final CompletableFuture<StreamRepairer> sums;
    private final BitSet added = new BitSet();
    /** Whether memory did not suffice, and nothing is summed any more. */
    private volatile boolean givenUp;

    /** @param maker of the sums, called on a thread of its own */
    Syndromes(Par2Set set, int[] exponents, Supplier<StreamRepairer> maker) {
        this.set = set;
        Arrays.stream(exponents).forEach(this.exponents::add);
        this.sums = CompletableFuture.supplyAsync(maker,
                task -> Thread.ofPlatform().daemon().name("syndromes").start(task));
    }

    /**
     * Sums of a set.
     *
     * @param exponents of recovery slices that may be used
     * @return empty if memory doesn't suffice
     */
    static Optional<Syndromes> of(Par2Set set, int[] exponents) {
        boolean fits = exponents.length * set.sliceSize() <= MEMORY * 3 / 4;
        return exponents.length > 0 && fits
                ? Optional.of(new Syndromes(set, exponents, () -> new StreamRepairer(
                        (int) set.sliceSize(), exponents, set.sliceCount(),
                        ParityOptions.defaults().withMemory(MEMORY))))
                : Optional.empty();
    }

    /** Has the slices of these files added from now on, as they come. */
    void watch(Map<ParFile, TargetFile> files) {
        files.forEach((file, target) -> target.feed(
                new Feed(this, file.firstSlice(), set.sliceSize(), file.length())));
    }

    /** A file's slices on their way here. */
    record Feed(Syndromes to, int firstSlice, long sliceSize, long length) {
        /** Adds the slices that lie within this piece of the file. */
        void add(byte[] data, long begin) {
            for (long slice = Math.ceilDiv(begin, sliceSize); ; slice++) {
                long at = slice * sliceSize - begin;
                long end = Math.min(at + sliceSize, length - begin);
                if (at >= end || end > data.length) {
                    return;
                }
                to.add(firstSlice + (int) slice, data, (int) at, (int) (end - at));
            }
        }
    }

    /** Adds a slice, unless it was added before. */
    private void add(int slice, byte[] data, int offset, int length) {
        synchronized (this) {
            if (added.get(slice)) {
                return;
            }
            added.set(slice);
        }
        if (givenUp) {
            return;
        }
        try {
            sums().addSlice(slice, data, offset, length);
        } catch (OutOfMemoryError e) {
            givenUp = true;
        }
    }

    /** As soon as they are made; what keeps them from being made is thrown as it is. */
    private StreamRepairer sums() {
        try {
            return sums.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case Error cause -> throw cause;
                case RuntimeException cause -> throw cause;
                default -> throw e;
            }
        }
    }

    /**
     * Solves for lost slices, if these sums are of use for it.
     *
     * @param missing which slices are lost
     * @param source reads those that were not added on their way
     * @return whether they were solved for
     */
    boolean solve(BitSet missing, Source source, SortedMap<Integer, SliceData> recovery,
            SliceSink sink) throws IOException {
        List<Integer> usable = new ArrayList<>(recovery.keySet());
        usable.retainAll(exponents);
        boolean done = false;
        if (!givenUp && !added.intersects(missing) && usable.size() >= missing.cardinality()) {
            try {
                solve(missing, source, usable.subList(0, missing.cardinality()), recovery, sink);
                done = true;
            } catch (OutOfMemoryError e) {
                givenUp = true;
            }
        }
        if (!done) {
            close(); // Repair needs the memory.
        }
        return done;
    }

    private void solve(BitSet missing, Source source, List<Integer> exponents,
            SortedMap<Integer, SliceData> recovery, SliceSink sink) throws IOException {
        StreamRepairer repairer = sums();
        byte[] slice = new byte[(int) set.sliceSize()];
        for (int i = 0; i < set.sliceCount(); i++) {
            if (!missing.get(i) && !added.get(i)) {
                source.read(i, slice);
                repairer.addSlice(i, slice, 0, slice.length);
            }
        }
        for (int exponent : exponents) {
            recovery.get(exponent).read(0, slice, 0, slice.length);
            repairer.addRecovery(exponent, slice, 0, slice.length);
        }
        repairer.solve(set.sliceCount(), missing, sink);
    }

    /** Where slices are that are there. */
    @FunctionalInterface
    interface Source {
        /** Reads a whole slice, the zeros behind a file's end included. */
        void read(int slice, byte[] into) throws IOException;
    }

    @Override
    public void close() {
        sums.handle((made, failure) -> {
            if (made != null) {
                made.close();
            }
            return made;
        }).join();
    }
}

package net.spillway.benchmarks.parity;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Files and what is to be done with them.
 *
 * @param name for the command line and the tables
 * @param files how many files
 * @param bytes of all files together, about
 * @param slices about how many slices the files are cut into
 * @param recovery how many recovery slices are made, and how many slices are lost for a repair
 */
record Workload(String name, int files, long bytes, int slices, int recovery) {
    private static final long MI = 1L << 20;
    private static final long SEED = 1;
    private static final int PIECE = 1 << 20;

    /** Those measured unless others are asked for, the usual ones first. */
    static final List<Workload> FULL = List.of(
            new Workload("r100", 1, 1024 * MI, 1000, 100),
            new Workload("r200", 1, 1024 * MI, 2000, 200),
            new Workload("r800", 1, 1024 * MI, 8000, 800),
            new Workload("r3276", 1, 256 * MI, 32_768, 3276),
            new Workload("small", 2000, 128 * MI, 4000, 400),
            new Workload("big", 1, 3072 * MI, 2000, 200));

    /** Small ones, to see that all of it works. */
    static final List<Workload> QUICK = List.of(
            new Workload("quick100", 1, 64 * MI, 1000, 100),
            new Workload("quick400", 1, 32 * MI, 4000, 400),
            new Workload("quicksmall", 200, 16 * MI, 400, 40));

    /** Bytes of a slice, a multiple of 4. */
    long sliceSize() {
        return Math.ceilDiv(Math.ceilDiv(bytes, slices), 4) * 4;
    }

    String describe() {
        return (files == 1 ? "1 file" : files + " files") + ", " + bytes / MI + " MiB, about "
                + slices + " slices + " + recovery + " for recovery";
    }

    /** Writes the files, the same ones whenever it is called. */
    List<Path> makeFiles(Path folder) throws IOException {
        Files.createDirectories(folder);
        SplittableRandom random = new SplittableRandom(SEED);
        List<Path> made = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            Path file = folder.resolve(files == 1 ? "data.bin" : "data%04d.bin".formatted(i));
            // Sizes that differ, but come to about the sum.
            long mean = bytes / files;
            long size = files == 1 ? bytes : random.nextLong(1, 2 * mean);
            write(file, size, random.split());
            made.add(file);
        }
        return List.copyOf(made);
    }

    private static void write(Path file, long size, SplittableRandom random) throws IOException {
        byte[] piece = new byte[PIECE];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), PIECE)) {
            for (long left = size; left > 0; left -= PIECE) {
                random.nextBytes(piece);
                out.write(piece, 0, (int) Math.min(PIECE, left));
            }
        }
    }

    /** Overwrites {@link #recovery} slices of copies of the files, always the same ones. */
    void damage(List<Path> copies) throws IOException {
        record Slice(Path file, long offset, int length) {}
        List<Slice> all = new ArrayList<>();
        for (Path file : copies) {
            long size = Files.size(file);
            for (long at = 0; at < size; at += sliceSize()) {
                all.add(new Slice(file, at, (int) Math.min(sliceSize(), size - at)));
            }
        }
        Collections.shuffle(all, new Random(SEED));
        SplittableRandom random = new SplittableRandom(SEED + 1);
        for (Slice slice : all.subList(0, recovery)) {
            byte[] noise = new byte[slice.length];
            random.nextBytes(noise);
            try (RandomAccessFile file = new RandomAccessFile(slice.file.toFile(), "rw")) {
                file.seek(slice.offset);
                file.write(noise);
            }
        }
    }
}

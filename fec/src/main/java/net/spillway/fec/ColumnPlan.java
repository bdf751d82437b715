package net.spillway.fec;

import net.spillway.fec.engine.Md5Lanes;

/**
 * How many columns of all slices to work on at a time.
 *
 * @param columns bytes of each slice; all of it, or a multiple of 64
 * @param chunks how often until all columns are done, at least 1
 */
public record ColumnPlan(int columns, int chunks) {
    /**
     * More memory than this makes creating slower, by a sixth with 128 MiB: less of it stays in the
     * processor's caches from being read to being used, and more of it has to be got from the
     * system. That is worth more than reading a file once instead of twice.
     */
    private static final long ENOUGH = 32L << 20;

    /** Reading fewer bytes at a time takes more time for asking than for reading. */
    static final int LEAST_COLUMNS = 4096;

    /** Where the bound on memory leaves no more; with fewer than these it is exceeded rather. */
    private static final int FEWEST_COLUMNS = 512;

    /**
     * Rather than fewer columns than these some more memory is taken: with half of them creating
     * 800 recovery slices of 8000 takes a sixth longer.
     */
    private static final int GOOD_COLUMNS = 8192;

    /** But not more: creating 3276 of 32768 takes half as long again with 8192 columns. */
    private static final long AT_MOST = 96L << 20;

    /**
     * For repair, more: its matrix has a table for each pair of lost slices, made anew for each
     * chunk.
     */
    static final long ENOUGH_FOR_REPAIR = 128L << 20;

    /** The plan for creating recovery slices from so many slices, as many columns as is fast. */
    static ColumnPlan of(ParityOptions options, int slices, int recovery, long sliceSize) {
        long rows = Math.max(1, slices + (long) recovery);
        long memory = Math.clamp(rows * GOOD_COLUMNS, ENOUGH, AT_MOST);
        return of(memory, options.memory(), rows, sliceSize);
    }

    /**
     * The plan with as many columns as a bound on memory allows, for who has to fetch each column
     * chunk from far away.
     *
     * @param memory bytes that slices and recovery slices may take
     */
    public static ColumnPlan within(long memory, int slices, int recovery, long sliceSize) {
        return of(memory, memory, Math.max(1, slices + (long) recovery), sliceSize);
    }

    /**
     * The plan for computing lost slices from so many others.
     *
     * @param options of one worker
     * @param workers how many share out the chunks, each of them the same number of chunks
     */
    static ColumnPlan forRepair(
            ParityOptions options, int workers, int slices, int lost, long sliceSize) {
        ColumnPlan plan = of(
                ENOUGH_FOR_REPAIR / workers, options.memory(), repairRows(slices, lost),
                sliceSize);
        int turns = Math.ceilDiv(plan.chunks, workers);
        return even(Math.min(plan.columns, Math.ceilDiv(sliceSize, turns * workers)), sliceSize);
    }

    private static long repairRows(int slices, int lost) {
        return Math.max(1, slices + (long) lost + BatchedSums.MAX_BATCH);
    }

    /** Bytes that so many workers with this plan take together to compute lost slices. */
    long repairMemory(int workers, int slices, int lost) {
        return workers * repairRows(slices, lost) * columns;
    }

    /**
     * @param enough bytes that are wished for
     * @param bound bytes that may be taken
     */
    private static ColumnPlan of(long enough, long bound, long rows, long sliceSize) {
        long fit = Math.min(enough, bound) / rows;
        if (fit >= sliceSize) {
            return new ColumnPlan((int) sliceSize, 1);
        }
        fit = Math.max(fit, Math.clamp(bound / rows, FEWEST_COLUMNS, LEAST_COLUMNS));
        fit = fit / Md5Lanes.BLOCK * Md5Lanes.BLOCK;
        int chunks = (int) Math.ceilDiv(sliceSize, fit);
        return even(Math.ceilDiv(sliceSize, chunks), sliceSize);
    }

    /** Chunks of about as many columns. */
    private static ColumnPlan even(long about, long sliceSize) {
        long columns = Math.ceilDiv(about, Md5Lanes.BLOCK);
        columns = Math.min(columns * Md5Lanes.BLOCK, sliceSize);
        return new ColumnPlan((int) columns, (int) Math.ceilDiv(sliceSize, columns));
    }

    /** Whether all columns are in memory at once. */
    boolean isWhole() {
        return chunks == 1;
    }
}

package net.spillway.fec;

/**
 * How the columns of lost slices are shared out among workers, each of which has chunks of its own.
 *
 * @param all what all workers may take together
 * @param plan the chunks of all workers, who take them in turn
 */
record RepairShares(int workers, ParityOptions all, ColumnPlan plan) {
    /**
     * More workers than this do not read and write faster, and each needs memory of its own; what is
     * computed can be shared out all the same.
     */
    private static final int MOST_WORKERS = 4;

    /** As many workers as some threads can be, all of them with about as many threads. */
    static int most(int threads) {
        int fewer = MOST_WORKERS - 1;
        // Chunks are equal: in the end workers wait for one that has a thread less than they.
        boolean even = threads > MOST_WORKERS && threads % fewer < threads % MOST_WORKERS;
        return even ? fewer : Math.min(threads, MOST_WORKERS);
    }

    /**
     * As many workers as can have columns enough without taking more memory together than is good
     * for repair, or than one would; else threads share the work within a chunk.
     */
    static RepairShares of(ParityOptions options, int most, int slices, int lost, long sliceSize) {
        ColumnPlan alone = ColumnPlan.forRepair(options, 1, slices, lost, sliceSize);
        for (int n = most; n > 1; n--) {
            long memory = options.memory() / n;
            if (memory >= ParityOptions.MIN_MEMORY) {
                ColumnPlan plan = ColumnPlan.forRepair(
                        options.withMemory(memory), n, slices, lost, sliceSize);
                if (plan.chunks() >= n
                        && plan.columns() >= ColumnPlan.LEAST_COLUMNS
                        && plan.repairMemory(n, slices, lost)
                                <= Math.max(
                                        ColumnPlan.ENOUGH_FOR_REPAIR,
                                        alone.repairMemory(1, slices, lost))) {
                    return new RepairShares(n, options, plan);
                }
            }
        }
        return new RepairShares(1, options, alone);
    }

    /** What a worker may take, from 0; threads that are left over go to the first ones. */
    ParityOptions each(int worker) {
        int over = worker < all.threads() % workers ? 1 : 0;
        return all.withThreads(all.threads() / workers + over).withMemory(all.memory() / workers);
    }
}

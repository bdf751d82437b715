package net.spillway.benchmarks.parity;

/** What is measured. */
enum Operation {
    /** Make a set for files. */
    CREATE,
    /** Verify files that are whole. */
    VERIFY,
    /** Repair as many lost slices as there are recovery slices, the search for them included. */
    REPAIR
}

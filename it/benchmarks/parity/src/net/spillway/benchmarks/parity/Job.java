package net.spillway.benchmarks.parity;

import java.nio.file.Path;
import java.util.List;

/**
 * One thing to do.
 *
 * @param data the folder that the files are in
 * @param files the files
 * @param par2 the index file: there already, or to be made
 * @param processors numbers of the processors to run on, one thread for each
 */
record Job(
        Operation operation, Workload workload, Path data, List<Path> files, Path par2,
        List<Integer> processors) {
    int threads() {
        return processors.size();
    }

    /** The processors as {@code taskset} wants them. */
    String processorList() {
        return String.join(",", processors.stream().map(String::valueOf).toList());
    }
}

package net.spillway.benchmarks.relay;

/**
 * What a server did in a row.
 *
 * @param rate      articles, replies or (OVER) lines a second
 * @param megabytes a second, 10^6, the larger of both directions
 * @param cpuMicros of the server for each of them, what it puts off until later included
 * @param cpuPerGb  CPU seconds for 10^9 octets
 * @param memory    octets resident afterwards
 * @param limit     the rate that the disk allows for that way of sending; 0 if not asked
 */
record Result(double rate, double megabytes, double cpuMicros, double cpuPerGb, long memory,
        double limit) {
    static Result of(LoadGenerator.Told told, double cpu, long memory, double limit) {
        double units = told.linesPerSecond() > 0 ? told.linesPerSecond() * told.seconds()
                : told.operations();
        double octets = told.megabytes() * 1e6 * told.seconds();
        return new Result(units / told.seconds(), told.megabytes(), cpu * 1e6 / units,
                cpu / (octets / 1e9), memory, limit);
    }
}

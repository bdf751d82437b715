package net.spillway.benchmarks.parity;

/**
 * What a run took.
 *
 * @param cpu seconds of processor time, user and system, children included
 * @param wall seconds on the clock
 * @param peak bytes of memory resident at the most; 0 if it could not be seen
 * @param others share (0..1) of the processors' time that went to other programs meanwhile
 */
record Usage(double cpu, double wall, long peak, double others) {}

/**
 * Spillway's PAR2 measured beside other PAR2 programs: the same files, in the same run, in turn.
 * {@link net.spillway.benchmarks.parity.Main} reads the command line, {@link
 * net.spillway.benchmarks.parity.Course} runs one workload, a {@link
 * net.spillway.benchmarks.parity.Contender} is a program that takes part. Every result is checked.
 * Started from source by {@code it/benchmarks/parity/run}.
 */
package net.spillway.benchmarks.parity;

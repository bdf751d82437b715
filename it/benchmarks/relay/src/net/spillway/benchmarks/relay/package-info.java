/**
 * Runs one load generator against our relay and against INN, one after the other, and compares
 * what they did and what it cost them. {@link net.spillway.benchmarks.relay.Row} says what is
 * measured.
 */
package net.spillway.benchmarks.relay;

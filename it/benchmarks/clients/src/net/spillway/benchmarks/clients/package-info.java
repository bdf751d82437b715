/**
 * Measures posting and fetching, ours and the peers', each as a whole process tree against the same
 * relays. {@code Main} has the rows, {@code Mirror} a relay, {@code Measured} what a command took.
 */
package net.spillway.benchmarks.clients;

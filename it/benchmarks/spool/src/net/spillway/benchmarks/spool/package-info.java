/**
 * How a spool bears growth: articles are stored, looked up and dropped in this process, without a
 * network, and a table shows what each of that costs as the spool grows. Begin with {@link Main}.
 */
package net.spillway.benchmarks.spool;

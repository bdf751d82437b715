/**
 * Runs the benchmarks of inner loops and judges them: see {@link
 * net.spillway.benchmarks.kernels.Main}. Benchmarks of what a package hides are in that package.
 */
package net.spillway.benchmarks.kernels;

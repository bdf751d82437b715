/**
 * Targets for fuzzing with Jazzer ({@code mvn verify -Pfuzz}, a minute each), and their corpora,
 * which every build runs through as regression tests.
 */
package net.spillway.protocol.fuzz;

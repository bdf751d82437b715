/**
 * The commands, one picocli class each. A command reads its options, calls the package that does
 * the work, prints the outcome and returns an {@link net.spillway.tools.ExitCode}; it decides
 * nothing else. Start with {@link net.spillway.tools.cli.SpillwayCommand}.
 */
package net.spillway.tools.cli;

/**
 * The command line {@code spillway}: what its commands have in common.
 *
 * <p>{@link net.spillway.tools.Main} starts it; the commands are in
 * {@code net.spillway.tools.cli}, thin classes that read options and call the packages that do
 * the work. Those packages know nothing of picocli: they are handed addresses with everything
 * needed to reach them ({@link net.spillway.tools.ServerAddress}) and something to report to
 * ({@link net.spillway.tools.progress.Progress}), and end with a value or a
 * {@link net.spillway.tools.CommandFailure}.
 */
package net.spillway.tools;

/**
 * What is remembered and told of articles that came by: a bounded memory of decisions and of what
 * peers said, counts for each source, and the lines of the log. Start at {@link
 * net.spillway.relay.trace.Decisions}. Nothing here decides anything.
 */
package net.spillway.relay.trace;

/**
 * What each command does: one small stateless class a command or a family of them. {@link
 * net.spillway.relay.command.NntpCommands} is the table with all of them; start there.
 */
package net.spillway.relay.command;

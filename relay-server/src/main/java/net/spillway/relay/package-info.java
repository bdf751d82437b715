/**
 * The server process: listeners, sessions, access, intake, and the life of the whole. Start with
 * {@link net.spillway.relay.Relay}; the protocol is in {@code session} and {@code command}, the
 * checks on incoming articles in {@code intake}, who may do what in {@code access}, and sockets
 * (the only place where MINA appears) in {@code transport}.
 */
package net.spillway.relay;

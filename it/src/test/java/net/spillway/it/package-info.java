/**
 * Tests of the whole: the built program as child processes, over real sockets, beside foreign
 * clients and peers. Tests named {@code *IT} need the packaged program and run in
 * {@code mvn verify}.
 *
 * <p>Start reading at {@link net.spillway.it.Federation}, which runs relays that feed each other,
 * and at {@link net.spillway.it.FaultyLink}, which stands between any two of them.
 */
package net.spillway.it;

/**
 * Finds out in which articles two relays differ, without either sending a list: range-based set
 * reconciliation (A. Meyer, "Range-Based Set Reconciliation", SRDS 2023; the fingerprints are those
 * of negentropy). Plain code: sets go in, frames come out. {@link
 * net.spillway.protocol.reconcile.Asker} begins and learns the differences, {@link
 * net.spillway.protocol.reconcile.Answerer} answers; {@link
 * net.spillway.protocol.reconcile.RangeFrame} draws the octets between them. Start reading there.
 */
package net.spillway.protocol.reconcile;

/**
 * The answering side of XRECON: {@link net.spillway.relay.reconcile.Reconciliations} keeps what is
 * under way, for so many peers at once and no more. {@code net.spillway.feed.reconcile} has the
 * asking side and what both share.
 */
package net.spillway.relay.reconcile;

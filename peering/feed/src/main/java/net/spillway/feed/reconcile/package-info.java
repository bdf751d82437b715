/**
 * Finds what peers lack although their feeds are through with it, and has it offered again: {@link
 * net.spillway.feed.reconcile.Reconciler} runs it, {@link net.spillway.feed.reconcile.Agenda} says
 * when and how far back, {@link net.spillway.feed.reconcile.Census} gathers what is compared, and
 * {@link net.spillway.feed.reconcile.XreconClient} speaks with the peer. Both sides use the
 * census; the answering side is a command of the server. XRECON is our own:
 *
 * <pre>
 * C: XRECON OPEN from to        seconds since 1970; then the wildmat of what is fed, as a block
 * S: 291 from to largest choice the range and the largest article to compare; then, as a block,
 *                               the wildmat of what is taken. The choice is 16 hexadecimal
 *                               digits, others when there are other groups: what was refused
 *                               before is then worth offering again
 * C: XRECON FRAME               then a frame as a block of Base64 lines
 * S: 292                        and a frame likewise; and so on, 64 times at most, and without
 *                               waiting while there is more to ask, 8 frames ahead at most
 * C: XRECON CLOSE               or the end of the connection
 * S: 290
 * S: 491                        to OPEN: there are too many articles; ask for a shorter time
 * S: 490 why                    to any of them: not now, and the reconciliation is over
 * </pre>
 *
 * <p>Blocks end with a line of one dot and follow their line at once; nobody waits to be invited.
 */
package net.spillway.feed.reconcile;

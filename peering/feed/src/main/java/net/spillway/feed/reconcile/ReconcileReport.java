package net.spillway.feed.reconcile;

import java.time.Instant;
import java.util.Optional;

/**
 * How the last comparison with a peer went.
 *
 * @param peer its name
 * @param at when it ended
 * @param from from when on articles were compared
 * @param until what arrived later was left out: it is on its way, or not to be sent yet
 * @param articles how many of ours
 * @param lackingThere how many of them it lacks and is offered now
 * @param lackingHere how many it has that we lack, and have neither refused nor taken back
 * @param pointless how many it keeps lacking although it was offered them: refused or taken back
 *     there; they are left out from now on
 * @param rounds frames each way
 * @param octets of all frames, both ways, before Base64
 * @param problem why it could not be done, or not to the end
 */
public record ReconcileReport(String peer, Instant at, Instant from, Instant until, int articles,
        int lackingThere, int lackingHere, int pointless, int rounds, long octets,
        Optional<String> problem) {
}

package net.spillway.feed;

import net.spillway.protocol.Reply;

/**
 * How articles are offered on a connection that is ready. Knows the commands and answers of its
 * way of transfer and nothing of greetings, time-outs and ends.
 */
sealed interface Exchange permits StreamingFeeder, IhaveFeeder {
    /** Offers and sends what can be offered and sent now. */
    void pump(long now);

    /** Takes an answer; false if it is none of this exchange's. */
    boolean reply(Reply reply, long now);

    /** The oldest articles on their way have left. */
    void articlesSent(int count);

    /** From now on nothing new is offered; what is on the wire is finished. */
    void drain();

    /** Whether no answer is due. */
    boolean idle();

    /** When the offer was made that has waited longest for its answer; MAX_VALUE for none. */
    long oldestUnanswered();

    /**
     * Gives back what is outstanding.
     *
     * @param putOff whether the peer asked for it (400), so that all of it waits for a while
     */
    void release(boolean putOff, long now);
}

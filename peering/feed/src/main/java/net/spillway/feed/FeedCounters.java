package net.spillway.feed;

import java.util.concurrent.atomic.LongAdder;

/** What a feed counts; written by its thread, read by any. */
final class FeedCounters {
    final LongAdder offered = new LongAdder();
    final LongAdder accepted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder deferred = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final Refusals refusals = new Refusals();
}

package net.spillway.relay.trace;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Counts what comes from one source. Cheap, and safe for use by many threads. */
public final class SourceCount {
    private final String source;
    private final LongAdder offered = new LongAdder();
    private final LongAdder unwanted = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder deferred = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private volatile Optional<Decision> lastRefusal = Optional.empty();

    SourceCount(String source) {
        this.source = source;
    }

    /** It offered an article, which is wanted. */
    public void wanted() {
        offered.increment();
    }

    /** It offered an article that was here. */
    public void unwanted() {
        offered.increment();
        unwanted.increment();
    }

    /** It offered an article and was asked to come again. */
    public void putOff() {
        offered.increment();
        deferred.increment();
    }

    void decided(Decision decision) {
        switch (decision.kind()) {
            case STORED -> {
                stored.increment();
                bytes.add(decision.bytes());
            }
            case DUPLICATE -> duplicates.increment();
            case CANCEL -> { } // Counted when it came.
            case DEFERRED -> deferred.increment();
            case REFUSED -> {
                refused.increment();
                lastRefusal = Optional.of(decision);
            }
        }
    }

    SourceFigures figures() {
        return new SourceFigures(source, offered.sum(), unwanted.sum(), stored.sum(),
                duplicates.sum(), refused.sum(), deferred.sum(), bytes.sum(), lastRefusal);
    }
}

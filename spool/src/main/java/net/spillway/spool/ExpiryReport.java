package net.spillway.spool;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an expiry run dropped, or would drop.
 *
 * @param segments whole segments dropped
 * @param articles that were stored in them, removed ones included
 * @param bytes    of disk given back, once no reader holds those segments open
 * @param kept     octets of all segments that are left
 * @param storage  the same for each storage class
 */
public record ExpiryReport(int segments, long articles, long bytes, long kept,
        List<Share> storage) {

    /**
     * A storage class's share of it.
     *
     * @param horizon arrival of the oldest article that is left
     * @param trouble why nothing can be dropped, or ""
     */
    public record Share(String storage, int segments, long articles, long bytes, long kept,
            Optional<Instant> horizon, String trouble) {
        Share because(String why) {
            return new Share(storage, segments, articles, bytes, kept, horizon, why);
        }
    }

    static ExpiryReport of(List<Share> storage) {
        return new ExpiryReport(storage.stream().mapToInt(Share::segments).sum(),
                storage.stream().mapToLong(Share::articles).sum(),
                storage.stream().mapToLong(Share::bytes).sum(),
                storage.stream().mapToLong(Share::kept).sum(), List.copyOf(storage));
    }
}

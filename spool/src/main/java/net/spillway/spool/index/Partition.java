package net.spillway.spool.index;

import java.util.Optional;
import net.spillway.spool.segment.IdHash;
import org.h2.mvstore.MVMap;

/**
 * A sealed part of the history: sorted, never changed, with a Bloom filter before it.
 *
 * @param number      the higher the newer
 * @param map         number of its maps in the file
 * @param latest      the latest time of its entries, epoch millis
 * @param lastSegment the highest segment any of them lies in
 */
record Partition(int number, int map, long upTo, long latest, int lastSegment, long size,
        BloomFilter filter, MVMap<IdHash, HistoryEntry> entries) {

    Optional<HistoryEntry> find(IdHash id) {
        return Optional.ofNullable(filter.mayContain(id) ? entries.get(id) : null);
    }
}

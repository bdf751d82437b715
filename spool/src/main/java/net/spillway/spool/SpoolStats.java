package net.spillway.spool;

import java.util.List;

/**
 * The spool in figures, at one moment.
 *
 * @param articles       readable ones
 * @param groups         how many groups
 * @param segments       segment files
 * @param bytes          octets of all segments
 * @param committed      last visible sequence
 * @param historyEntries message-IDs known, those of dropped articles included; an ID can be counted
 *                       twice
 * @param backlogBytes   octets waiting to be written
 * @param indexLag       articles that are on disk, but not yet in the index on disk
 * @param damage         damaged places found since the start, each with file and offset; not those
 *                       whose articles are here again
 * @param missing        articles that were damaged or lost and have not come back, also of earlier
 *                       runs
 * @param trouble        why nothing can be stored at the moment, or ""
 * @param storage        the storage classes, the default one last
 */
public record SpoolStats(long articles, int groups, int segments, long bytes, long committed,
        long historyEntries, long backlogBytes, long indexLag, List<String> damage,
        int missing, String trouble, List<StorageStats> storage) {}

package net.spillway.spool;

import java.time.Instant;
import java.util.Optional;

/**
 * A storage class in figures, at one moment.
 *
 * @param dir      its folder
 * @param articles stored in it, removed ones included
 * @param bytes    octets of its segments
 * @param oldest   arrival of its oldest article
 * @param trouble  why it takes nothing at the moment, or ""
 */
public record StorageStats(String name, String dir, int segments, long articles, long bytes,
        Optional<Instant> oldest, String trouble) {}

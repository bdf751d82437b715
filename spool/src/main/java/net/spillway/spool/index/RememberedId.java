package net.spillway.spool.index;

import net.spillway.spool.segment.IdHash;

/** A message-ID that the history must be told when it is filled again. */
public record RememberedId(IdHash id, HistoryEntry entry) {}

package net.spillway.spool.index;

/** An article as it stands in one group. */
public record Numbered(long number, ArticleRow row) {}

package net.spillway.spool;

/**
 * What an expiry run dropped.
 *
 * @param segments whole segments dropped
 * @param articles that were stored in them, removed ones included
 * @param bytes    of disk given back, once no reader holds those segments open
 * @param kept     octets of all segments that are left
 */
public record ExpiryReport(int segments, long articles, long bytes, long kept) {}

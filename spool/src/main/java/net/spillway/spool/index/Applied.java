package net.spillway.spool.index;

import java.util.List;
import java.util.Map;

/**
 * What a transaction took out of the index.
 *
 * @param shrunk  how many articles each group lost
 * @param removed sequences of the articles that were removed one by one
 */
public record Applied(Map<String, Integer> shrunk, List<Long> removed) {}

/**
 * Two relays of a kind, of which the first feeds the second: how many articles a second, at what
 * cost, and how soon. Start reading at {@link net.spillway.benchmarks.feed.Main}.
 */
package net.spillway.benchmarks.feed;

package net.spillway.benchmarks.feed;

/**
 * What a pair did.
 *
 * @param rate      articles a second from the first sent to the feeder to the last at the taker;
 *                  for the row "held", from when the feed goes on
 * @param megabytes a second, 10^6
 * @param feederCpu microseconds of the feeder for each article, taking it in included but for "held"
 * @param takerCpu  microseconds of the taker for each article
 * @param behind    seconds from the last article at the feeder to the last at the taker
 */
record Result(double rate, double megabytes, double feederCpu, double takerCpu, double behind) {
}

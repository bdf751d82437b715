/**
 * Offers stored articles to peers. A feed is a filter over the spool's log and a cursor in it:
 * {@link net.spillway.feed.FeedPolicy} says what a peer is offered, {@link
 * net.spillway.feed.OfferWindow} what it is offered next, {@link
 * net.spillway.feed.StreamingFeeder} speaks with it over one connection, and {@link
 * net.spillway.feed.FeedManager} runs all of it. {@link net.spillway.feed.OfferTable} belongs to
 * the other direction: it lets one of several peers that offer us the same article send it.
 *
 * <p>Nothing here knows sockets: connections come through {@link
 * net.spillway.feed.PeerTransport}. Time is handed in. Start reading at {@code FeedManager}.
 */
package net.spillway.feed;

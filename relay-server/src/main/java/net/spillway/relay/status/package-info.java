/**
 * How the relay is, gathered from all its parts: at one moment ({@link
 * net.spillway.relay.status.Snapshot}), over the last hours ({@link
 * net.spillway.relay.status.History}), and of a single article ({@link
 * net.spillway.relay.status.ArticleTrace}). The admin page, the metrics and XSPILLWAY all show
 * this, each in its own way.
 */
package net.spillway.relay.status;

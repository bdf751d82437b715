/**
 * What finds articles: overview, groups, numbers, log and feed positions in an H2 database
 * ({@link net.spillway.spool.index.SqlIndex}), message-IDs in
 * {@link net.spillway.spool.index.History}. All of it is made from segments and can be made again;
 * nothing here is ever what an acknowledgement rests on. No H2 type leaves this package.
 */
package net.spillway.spool.index;

/**
 * Keeps articles and finds them again. {@link net.spillway.spool.Spool} is the door: it takes
 * articles and acknowledges them once they are on the disk, opens them by message-ID or by group
 * and number, and hands out the log that feeds read. Segments (package {@code segment}) are the
 * truth; the index (package {@code index}) can be thrown away; {@code file} is the disk. Only this
 * package is meant for other modules. Uses protocol, conf and H2.
 */
package net.spillway.spool;

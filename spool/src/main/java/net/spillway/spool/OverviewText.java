package net.spillway.spool;

import java.nio.charset.StandardCharsets;

/**
 * A line of overview as it is sent.
 *
 * @param number in the group asked for
 * @param line   what {@link OverviewLine#toLine} says, in UTF-8: without CRLF, and never with a
 *               dot at its start
 */
public record OverviewText(long number, byte[] line) {
    static OverviewText of(OverviewLine line) {
        return new OverviewText(line.number(), line.toLine().getBytes(StandardCharsets.UTF_8));
    }
}

package net.spillway.spool.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import net.spillway.protocol.MessageId;
import net.spillway.spool.OverviewLine;
import org.junit.jupiter.api.Test;

/** Overview that is taken from blocks as octets is what it would be by way of its fields. */
class OverviewOctetsTest {
    private static void requireSame(long number, String subject, String references, long bytes,
            int lines, String xref) {
        long block = Schema.key(7, 1);
        var head = HeadFields.of(subject, "\u00c4nne <a@test.example>",
                "Sun, 01 Mar 2026 12:00:00 +0000", references, "", "");
        var entry = new OverviewEntry(Schema.key(7, number), 3, 1L << 40 | 99, head,
                "<a@b.example>", bytes, lines, xref);
        var packed = new Packer();
        OverviewEntry.CODEC.write(entry, block, packed);
        OverviewEntry.CODEC.write(entry, block, packed);
        var in = new Unpacker(packed.toBytes());
        assertEquals(entry.key(), OverviewOctets.READER.skip(block, in));
        OverviewOctets found = OverviewOctets.READER.read(block, in);
        assertEquals(new OverviewLine(number, subject, head.from(), head.date(),
                MessageId.of(entry.id()), references, bytes, lines, xref).toLine(),
                new String(found.line(), StandardCharsets.UTF_8));
        assertEquals(number, found.number());
        assertEquals(3, found.sequence());
        assertEquals(entry.location(), found.location());
        assertEquals(false, in.hasMore());
    }

    @Test
    void linesAreWhatTheirFieldsSay() {
        requireSame(1, "", "", 0, 0, "");
        requireSame(9, "one", "<x@y.example>", 10, 9, "relay.example a.b:9");
        requireSame((1L << Schema.NUMBER_BITS) - 1, "\u2603 ".repeat(300), "", Long.MAX_VALUE,
                Integer.MAX_VALUE, "relay.example " + "a.b:1 ".repeat(100));
    }
}

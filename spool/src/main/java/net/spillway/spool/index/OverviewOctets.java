package net.spillway.spool.index;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A line of overview as it is sent, taken from an {@link OverviewEntry} without a string for each
 * of its fields.
 *
 * @param key  see {@link Schema#key}
 * @param line UTF-8, without CRLF: TAB between fields, Xref with its name before it (RFC 3977
 *             section 8.3)
 */
public record OverviewOctets(long key, long sequence, long location, byte[] line) {
    private static final byte[] XREF = "Xref: ".getBytes(StandardCharsets.US_ASCII);
    /** Three numbers of at most 20 digits, the name of Xref, and eight TABs at most. */
    private static final int BESIDES_TEXTS = 3 * 20 + 8 + 6;

    static final BlockReader<OverviewOctets> READER = new BlockReader<>() {
        @Override
        public OverviewOctets read(long block, Unpacker in) {
            long key = block + in.number();
            long sequence = in.number();
            long location = NumberEntry.readLocation(in);
            long bytes = in.number();
            int lines = in.count();
            int texts = in.position();
            for (int i = 0; i < 6; i++) {
                in.skipText();
            }
            var line = new byte[in.position() - texts + BESIDES_TEXTS];
            in.position(texts);
            int end = digits(Schema.number(key), line, 0);
            for (int i = 0; i < 5; i++) { // Subject, From, Date, Message-ID, References.
                line[end++] = '\t';
                end = in.copyText(line, end);
            }
            line[end++] = '\t';
            end = digits(bytes, line, end);
            line[end++] = '\t';
            end = digits(lines, line, end);
            line[end++] = '\t';
            System.arraycopy(XREF, 0, line, end, XREF.length);
            int xref = end + XREF.length;
            int behind = in.copyText(line, xref);
            end = behind == xref ? end : behind;
            return new OverviewOctets(key, sequence, location, Arrays.copyOf(line, end));
        }

        @Override
        public long skip(long block, Unpacker in) {
            return OverviewEntry.CODEC.skip(block, in);
        }
    };

    /** Writes a number that is not negative; tells where it ends. */
    private static int digits(long number, byte[] to, int at) {
        int end = at + 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int i = end - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    /** Its number in the group. */
    public long number() {
        return Schema.number(key);
    }
}

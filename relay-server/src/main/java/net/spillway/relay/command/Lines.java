package net.spillway.relay.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import net.spillway.relay.session.TextSource;

/** Makes pieces of multi-line replies: UTF-8, dot-stuffed, CRLF. */
final class Lines {
    /** A piece ends once it is as large as this, to be gathered with others into one write. */
    private static final int PIECE_OCTETS = 16 * 1024;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    /** Adds a line, given without its end. */
    Lines add(String line) {
        if (line.startsWith(".")) {
            out.write('.');
        }
        out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        out.write('\r');
        out.write('\n');
        return this;
    }

    boolean isPiece() {
        return out.size() >= PIECE_OCTETS;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    /** A source of these lines. */
    static TextSource of(Iterable<String> lines) {
        Iterator<String> left = lines.iterator();
        return () -> left.hasNext() ? piece(left) : null;
    }

    /** A source of lines that are asked for only when the first of them is to be sent. */
    static TextSource later(Supplier supplier) {
        return new TextSource() {
            private TextSource lines;

            @Override
            public byte[] next() throws IOException {
                if (lines == null) {
                    lines = of(supplier.get());
                }
                return lines.next();
            }
        };
    }

    /** Finds lines. */
    @FunctionalInterface
    interface Supplier {
        Iterable<String> get() throws IOException;
    }

    private static byte[] piece(Iterator<String> left) {
        Lines piece = new Lines();
        while (left.hasNext() && !piece.isPiece()) {
            piece.add(left.next());
        }
        return piece.toBytes();
    }
}

package net.spillway.tools.client;

/**
 * A multi-line block in wire form, dot-stuffed, without its final {@code .CRLF}. A view into the
 * connection's buffer: it holds until the next call on that connection.
 *
 * @param bytes the buffer
 * @param from first octet
 * @param to behind the last octet
 */
public record Block(byte[] bytes, int from, int to) {
    public int length() {
        return to - from;
    }
}

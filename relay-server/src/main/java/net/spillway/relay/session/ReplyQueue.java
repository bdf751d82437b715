package net.spillway.relay.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Replies in the order of their commands. A reply takes its place when its command is run, and is
 * sent when all before it are, even if it is known earlier; so replies never overtake, split or
 * interleave. One owner at a time.
 *
 * <p>Small replies are gathered into one write; articles are sent from their files, and lists are
 * made only while they are sent. What waits here is bounded by {@link #full()}, which the session
 * asks before it runs another command.
 */
final class ReplyQueue {
    /** The most octets of one write: enough for TLS records by the dozen, little to hold. */
    private static final int WRITE_OCTETS = 128 * 1024;
    /** Up to here it costs less to copy an article than to send it with a call of its own. */
    private static final int INLINE_OCTETS = 32 * 1024;
    private static final int MAX_PLACES = 512;
    private static final int MAX_OCTETS = 256 * 1024;
    /** So much is sent, or looked for in vain, before other sessions have their turn. */
    private static final int PIECES_A_TURN = 16;
    private static final int WRITES_A_TURN = 16;
    /** What a place costs besides its text. */
    private static final int PLACE_OCTETS = 64;
    private static final byte[] END = ".\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A reply's place in the order. */
    final class Place {
        private final Deque<Object> parts = new ArrayDeque<>(2);
        private boolean known;

        /** Says what the reply is; once. */
        void fill(Answer answer) {
            known = true;
            switch (answer) {
                case Answer.Line a -> add(a.reply().toBytes());
                case Answer.Last a -> add(a.reply().toBytes());
                case Answer.Block a -> {
                    add(a.reply().toBytes());
                    parts.add(a.lines());
                    toRead++;
                    add(END);
                }
                case Answer.Stored a -> {
                    add(a.reply().toBytes());
                    parts.add(a.span());
                    noteSpan(a.span(), 1);
                    if (!a.ended()) {
                        add(END);
                    }
                }
                case Answer.Receive a -> a.invitation().ifPresent(reply -> add(reply.toBytes()));
                case Answer.Question a -> add(a.reply().toBytes());
                case Answer.Compress a -> add(a.reply().toBytes());
                case Answer.Secure a -> throw new IllegalArgumentException("goes a way of its own");
                case Answer.Finish a -> throw new IllegalArgumentException("not an answer yet");
                case Answer.Later a -> throw new IllegalArgumentException("not an answer yet");
            }
        }

        private void release() {
            for (Object part : parts) {
                if (part instanceof FileSpan span) {
                    noteSpan(span, -1);
                    span.close();
                } else if (part instanceof TextSource) {
                    toRead--;
                }
            }
        }

        private void add(byte[] text) {
            parts.add(text);
            octets += text.length;
        }
    }

    private final Deque<Place> places = new ArrayDeque<>();
    private int octets;
    /** Parts that have to be read before they are sent, and those that need not if files are. */
    private int toRead;
    private int files;
    /** Of lists; a list may search for long without finding anything to say. */
    private int piecesLeft;

    private void noteSpan(FileSpan span, int change) {
        if (span.length() > INLINE_OCTETS) {
            files += change;
        } else {
            toRead += change;
        }
    }

    /** Whether {@link #pump} may have to wait for the disk. */
    boolean reads(Outlet outlet) {
        return toRead > 0 || files > 0 && !outlet.sendsFiles();
    }

    /** Takes the next place for a reply that may not be known yet. */
    Place place() {
        Place place = new Place();
        places.add(place);
        return place;
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** Whether so much waits that no further command should be run. */
    boolean full() {
        return places.size() >= MAX_PLACES || octets + places.size() * PLACE_OCTETS >= MAX_OCTETS;
    }

    /**
     * Sends what is known and in turn, for as long as the outlet takes it, but not for long; true
     * if it is to be called again.
     */
    boolean pump(Outlet outlet) throws IOException {
        piecesLeft = PIECES_A_TURN;
        for (int writes = 0; outlet.ready(); writes++) {
            if (writes == WRITES_A_TURN || piecesLeft == 0) {
                return true;
            }
            if (!sendOne(outlet)) {
                return false;
            }
        }
        return false;
    }

    /** Forgets the places behind the given one: after it nothing is said. */
    void endWith(Place last) {
        while (places.contains(last) && places.peekLast() != last) {
            places.removeLast().release();
        }
    }

    /** Gives back what waits; nothing will be sent any more. */
    void discard() {
        places.forEach(Place::release);
        places.clear();
        octets = 0;
        toRead = 0;
        files = 0;
    }

    /** One write, or none if the turn ends before; false if nothing is known that is in turn. */
    private boolean sendOne(Outlet outlet) throws IOException {
        Gather gather = new Gather();
        while (true) {
            Place place = places.peek();
            if (place == null || !place.known) {
                return gather.send(outlet);
            }
            Object part = place.parts.poll();
            if (part == null) {
                places.remove();
                continue;
            }
            if (part instanceof FileSpan span && outlet.sendsFiles()
                    && span.length() > INLINE_OCTETS) {
                if (gather.isEmpty()) {
                    files--;
                    outlet.write(span);
                    return true;
                }
                place.parts.addFirst(span);
                return gather.send(outlet);
            }
            Object rest = gather.take(part);
            if (rest != null) {
                place.parts.addFirst(rest);
            }
            note(part, rest);
            if (part instanceof TextSource && --piecesLeft == 0) {
                gather.send(outlet);
                return true;
            }
            if (gather.isFull()) {
                return gather.send(outlet);
            }
        }
    }

    /** A part was taken; a span that is left is a shorter one, perhaps of the other kind. */
    private void note(Object part, Object rest) {
        if (part instanceof FileSpan span) {
            noteSpan(span, -1);
            if (rest != null) {
                noteSpan((FileSpan) rest, 1);
            }
        } else if (part instanceof TextSource && rest == null) {
            toRead--;
        }
    }

    /** One write in the making. */
    private final class Gather {
        private ByteBuffer buffer = ByteBuffer.allocate(512);

        boolean isEmpty() {
            return buffer.position() == 0;
        }

        boolean isFull() {
            return buffer.position() >= WRITE_OCTETS;
        }

        /** Takes what fits; gives back what is left of the part, or null. */
        Object take(Object part) throws IOException {
            return switch (part) {
                case byte[] text -> takeText(text);
                case FileSpan span -> takeSpan(span);
                case TextSource lines -> {
                    byte[] next = lines.next();
                    if (next == null) {
                        yield null;
                    }
                    put(next);
                    yield lines;
                }
                default -> throw new IllegalStateException("no part of a reply: " + part);
            };
        }

        private Object takeText(byte[] text) {
            put(text);
            octets -= text.length;
            return null;
        }

        private Object takeSpan(FileSpan span) throws IOException {
            int wanted = (int) Math.min(span.length(), WRITE_OCTETS - buffer.position());
            room(wanted);
            int limit = buffer.limit();
            buffer.limit(buffer.position() + wanted);
            int taken;
            try {
                taken = span.readInto(buffer);
            } catch (IOException e) {
                span.close();
                throw e;
            }
            buffer.limit(limit);
            if (taken == span.length()) {
                span.close();
                return null;
            }
            return span.after(taken);
        }

        private void put(byte[] text) {
            room(text.length);
            buffer.put(text);
        }

        private void room(int wanted) {
            if (buffer.remaining() < wanted) {
                int size = Math.max(buffer.capacity() * 2, buffer.position() + wanted);
                buffer = ByteBuffer.allocate(size).put(buffer.flip());
            }
        }

        boolean send(Outlet outlet) {
            if (isEmpty()) {
                return false;
            }
            outlet.write(buffer.flip());
            return true;
        }
    }
}

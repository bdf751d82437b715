package net.spillway.it;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One client's conversation with a {@link FaultServer}. */
final class FaultSession {
    private final FaultServer server;
    private final InputStream in;
    private final OutputStream out;

    FaultSession(FaultServer server, Socket socket) throws IOException {
        this.server = server;
        this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        this.out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
    }

    void run() throws IOException, InterruptedException {
        String greeting = server.greeting();
        if (greeting.isEmpty()) {
            server.hang();
        }
        say(greeting);
        boolean more = greeting.startsWith("20");
        while (more) {
            if (in.available() == 0) {
                out.flush();
            }
            String[] words = line().split(" ");
            more = command(words[0].toUpperCase(Locale.ROOT), words.length > 1 ? words[1] : "");
        }
        out.flush();
    }

    /** False if the connection is to be closed. */
    private boolean command(String keyword, String argument)
            throws IOException, InterruptedException {
        switch (keyword) {
            case "CAPABILITIES" -> say("101 list", "VERSION 2", "READER", "POST", "IHAVE",
                    server.isStreaming() ? "STREAMING" : "XNOTHING", ".");
            case "MODE" -> say(!argument.equalsIgnoreCase("STREAM") ? "200 reader"
                    : server.isStreaming() ? "203 streaming" : "500 what?");
            case "AUTHINFO" -> say("281 welcome");
            case "DATE" -> say("111 20260101000000");
            case "GROUP" -> say("211 0 1 0 " + argument);
            case "QUIT" -> {
                say("205 bye");
                return false;
            }
            case "STAT" -> stat(argument);
            case "BODY", "ARTICLE" -> {
                return give(argument, keyword.equals("BODY"));
            }
            case "POST" -> {
                return post();
            }
            case "IHAVE" -> {
                return ihave(argument);
            }
            case "CHECK" -> say(server.isStreaming()
                    ? (server.articles().containsKey(argument) ? "438 " : "238 ") + argument
                    : "500 what?");
            case "TAKETHIS" -> {
                return takethis(argument);
            }
            default -> say("500 what?");
        }
        return true;
    }

    private void stat(String id) throws IOException {
        say(!server.knowsStat() ? "500 what?"
                : server.has(id) ? "223 0 " + id : "430 no such article");
    }

    // --- giving ---------------------------------------------------------------------------------

    private boolean give(String id, boolean bodyOnly) throws IOException, InterruptedException {
        byte[] wire = server.articles().get(id);
        int from = wire == null || !bodyOnly ? 0 : bodyStart(wire);
        String reply = (bodyOnly ? "222 0 " : "220 0 ") + id;
        Optional<BodyFault> fault = server.bodyFault(id);
        if (fault.isEmpty()) {
            say(reply);
            out.write(wire, from, wire.length - from);
            return true;
        }
        return switch (fault.get()) {
            case MISSING -> said("430 no such article");
            case TAKEN_DOWN -> said("451 taken down");
            case REFUSE_499 -> said("499 not now");
            case REFUSE_500 -> said("500 what?");
            case REFUSE_502 -> said("502 not any more");
            case REFUSE_400 -> !said("400 going down");
            case GARBAGE -> !said("<html>this is no news server</html>");
            case DROP -> false;
            case CUT -> half(reply, wire, from, false);
            case HANG_IN_BODY -> {
                half(reply, wire, from, false);
                out.flush();
                server.hang();
                yield false;
            }
            case SHORTENED -> half(reply, wire, from, true);
            case CORRUPT -> {
                say(reply);
                byte[] bad = corrupted(wire);
                out.write(bad, from, bad.length - from);
                yield true;
            }
            case HANG -> {
                out.flush();
                server.hang();
                yield false;
            }
            case LATE -> {
                out.flush();
                server.beLate();
                say(reply);
                out.write(wire, from, wire.length - from);
                yield true;
            }
            case ANOTHERS_BODY -> another(id, bodyOnly, reply);
            case ANOTHER_ARTICLE -> another(id, bodyOnly, "");
            case NO_YENC -> said(reply, "hello", "there", ".");
        };
    }

    private boolean half(String reply, byte[] wire, int from, boolean ended) throws IOException {
        say(reply);
        out.write(wire, from, (wire.length - from) / 2);
        if (ended) {
            say("", ".");
        }
        return ended;
    }

    private boolean another(String id, boolean bodyOnly, String reply) throws IOException {
        String other = server.articles().keySet().stream().filter(a -> !a.equals(id))
                .sorted().findFirst().orElseThrow();
        byte[] wire = server.articles().get(other);
        int from = bodyOnly ? bodyStart(wire) : 0;
        say(reply.isEmpty() ? (bodyOnly ? "222 0 " : "220 0 ") + other : reply);
        out.write(wire, from, wire.length - from);
        return true;
    }

    private static byte[] corrupted(byte[] wire) {
        byte[] copy = wire.clone();
        int at = bodyStart(wire) + (wire.length - bodyStart(wire)) / 2;
        while (copy[at] < 'A' || copy[at] > 'Z' || copy[at - 1] == '=') {
            at++;
        }
        copy[at] = (byte) (copy[at] == 'A' ? 'B' : 'A');
        return copy;
    }

    // --- taking ---------------------------------------------------------------------------------

    private boolean post() throws IOException, InterruptedException {
        Optional<PostFault> fault = server.postFault("");
        Optional<String> no = refusal(fault);
        if (no.isPresent()) {
            say(no.get());
            return fault.get() != PostFault.REFUSE_400;
        }
        say("340 go on");
        out.flush();
        return take(block(), fault, "240 thanks", "441 no", "441 duplicate");
    }

    private boolean ihave(String id) throws IOException, InterruptedException {
        if (server.articles().containsKey(id)) {
            say("435 have it");
            return true;
        }
        Optional<PostFault> fault = server.postFault(id);
        Optional<String> no = refusal(fault);
        if (no.isPresent()) {
            say(no.get());
            return fault.get() != PostFault.REFUSE_400;
        }
        say("335 go on");
        out.flush();
        return take(block(), fault, "235 thanks", "437 no", "437 duplicate");
    }

    private boolean takethis(String id) throws IOException, InterruptedException {
        byte[] wire = block();
        Optional<PostFault> fault = server.postFault(id);
        Optional<String> no = server.isStreaming() ? refusal(fault) : Optional.of("500 what?");
        if (no.isPresent()) {
            say(no.get());
            return fault.filter(f -> f == PostFault.REFUSE_400).isEmpty();
        }
        return take(wire, fault, "239 " + id, "439 " + id, "439 " + id + " duplicate");
    }

    private static Optional<String> refusal(Optional<PostFault> fault) {
        return fault.map(f -> switch (f) {
            case NOT_ALLOWED -> "440 no posting";
            case REFUSE_400 -> "400 going down";
            case REFUSE_499 -> "499 not now";
            case REFUSE_500 -> "500 what?";
            case REFUSE_502 -> "502 not any more";
            default -> null;
        });
    }

    private boolean take(byte[] wire, Optional<PostFault> fault, String yes, String no,
            String duplicate) throws IOException, InterruptedException {
        String id = messageId(wire);
        boolean really = fault.isEmpty() || switch (fault.get()) {
            case STORED_BUT_CUT, STORED_BUT_REFUSED, LATE -> true;
            default -> false;
        };
        boolean fresh = server.keep(id, wire, really);
        if (fault.isEmpty()) {
            say(fresh ? yes : duplicate);
            return true;
        }
        switch (fault.get()) {
            case HANG -> server.hang();
            case LATE -> server.beLate();
            default -> { }
        }
        return switch (fault.get()) {
            case CUT, STORED_BUT_CUT -> false;
            case REFUSED, STORED_BUT_REFUSED -> said(no);
            default -> said(yes);
        };
    }

    private byte[] block() throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream(1 << 16);
        String line;
        do {
            line = line();
            block.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        } while (!line.equals("."));
        return block.toByteArray();
    }

    // --- octets ---------------------------------------------------------------------------------

    private boolean said(String... lines) throws IOException {
        say(lines);
        return true;
    }

    private void say(String... lines) throws IOException {
        for (String line : lines) {
            out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(160);
        for (int octet = next(); octet != '\n'; octet = next()) {
            line.write(octet);
        }
        byte[] octets = line.toByteArray();
        int length = octets.length > 0 && octets[octets.length - 1] == '\r'
                ? octets.length - 1 : octets.length;
        return new String(Arrays.copyOf(octets, length), StandardCharsets.ISO_8859_1);
    }

    private int next() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException();
        }
        return octet;
    }

    private static String messageId(byte[] wire) {
        return new String(wire, 0, bodyStart(wire), StandardCharsets.ISO_8859_1).lines()
                .filter(l -> l.regionMatches(true, 0, "Message-ID: ", 0, 12)).findFirst()
                .map(l -> l.substring(12).strip()).orElseThrow();
    }

    private static int bodyStart(byte[] wire) {
        int at = 0;
        while (wire[at] != '\r' || wire[at + 1] != '\n' || wire[at + 2] != '\r'
                || wire[at + 3] != '\n') {
            at++;
        }
        return at + 4;
    }
}

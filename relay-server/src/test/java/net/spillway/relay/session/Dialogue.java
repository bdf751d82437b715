package net.spillway.relay.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.spillway.relay.access.Client;
import org.awaitility.Awaitility;

/**
 * A session with the real commands and no socket: says something and gives what was said in
 * answer. To know when the answer is whole, DATE is asked behind it.
 */
public final class Dialogue implements AutoCloseable {
    static {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1)); // However busy the machine is.
    }

    private static final Pattern END = Pattern.compile("(?s)(.*?)111 \\d{14}\r\n");

    private final ExecutorService strand = Executors.newSingleThreadExecutor();
    private final RecordingOutlet outlet = new RecordingOutlet(true);
    private final NntpSession session;
    private final String greeting;

    public Dialogue(CommandTable table, RelayParts parts, Client client, String name)
            throws Exception {
        session = new NntpSession(table, new Conversation(parts, client, name), outlet,
                SessionExecutor.of(strand), 1 << 20);
        greeting = call(() -> {
            session.open();
            return outlet.take();
        });
    }

    public String greeting() {
        return greeting;
    }

    /** Says lines, given with LF between them; the answer likewise. */
    public String ask(String... lines) throws Exception {
        return raw(String.join("\r\n", lines).replaceAll("(?<!\r)\n", "\r\n") + "\r\n");
    }

    /** Says exactly this. */
    public String raw(String octets) throws Exception {
        byte[] bytes = (octets + "DATE\r\n").getBytes(StandardCharsets.ISO_8859_1);
        call(() -> {
            session.receive(ByteBuffer.wrap(bytes));
            return null;
        });
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() ->
                call(() -> outlet.isClosed() || END.matcher(outlet.text()).matches()));
        String text = call(outlet::take);
        Matcher whole = END.matcher(text);
        return (whole.matches() ? whole.group(1) : text).replace("\r\n", "\n");
    }

    /** Says lines, given with LF between them, and gives the first lines of the answer. */
    public List<String> lines(int wanted, String said) throws Exception {
        byte[] bytes = (said.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        call(() -> {
            session.receive(ByteBuffer.wrap(bytes));
            return null;
        });
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> call(() ->
                outlet.isClosed() || outlet.text().split("\r\n", -1).length > wanted));
        return call(outlet::take).lines().limit(wanted).toList();
    }

    public boolean isClosed() throws Exception {
        return call(outlet::isClosed);
    }

    @Override
    public void close() throws Exception {
        if (strand.isShutdown()) {
            return;
        }
        call(() -> {
            session.disconnected();
            return null;
        });
        strand.shutdown();
    }

    private <T> T call(Callable<T> task) throws InterruptedException, ExecutionException {
        Future<T> done = strand.submit(task);
        return done.get();
    }
}

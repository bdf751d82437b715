package net.spillway.tools.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.spillway.protocol.MessageId;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.Progress;

/** Waits until relays have articles, by asking them: STAT, pipelined. */
final class Propagation {
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final Duration STANDSTILL = Duration.ofSeconds(30);
    private static final int WINDOW = 100;
    private static final long PAUSE_MS = 50;

    private Propagation() {}

    /**
     * Returns how long it took until each of these relays had each of these articles.
     *
     * @throws CommandFailure if nothing arrives anywhere for half a minute
     */
    static Duration await(List<ServerAddress> relays, List<MessageId> ids, Progress progress)
            throws InterruptedException {
        long begin = System.nanoTime();
        long total = (long) relays.size() * ids.size();
        try (Progress.Task task = progress.start("spreading", total, Progress.Unit.ARTICLES)) {
            for (ServerAddress relay : relays) {
                await(relay, ids, task);
            }
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static void await(ServerAddress relay, List<MessageId> ids, Progress.Task task)
            throws InterruptedException {
        List<MessageId> lacking = ids;
        long lastNews = System.nanoTime();
        try (PipelinedClient client = PipelinedClient.open(relay, SILENCE, SILENCE)) {
            while (true) {
                List<MessageId> still = ask(client, lacking);
                if (still.isEmpty()) {
                    task.advance(lacking.size());
                    client.quit();
                    return;
                }
                if (still.size() < lacking.size()) {
                    lastNews = System.nanoTime();
                } else if (System.nanoTime() - lastNews > STANDSTILL.toNanos()) {
                    throw new CommandFailure(ExitCode.FAILED, relay + " still lacks "
                            + Figures.count(still.size()) + " of " + Figures.count(ids.size())
                            + " articles, and none has arrived for "
                            + STANDSTILL.toSeconds() + " s.");
                }
                task.advance(lacking.size() - still.size());
                lacking = still;
                Thread.sleep(PAUSE_MS);
            }
        } catch (NntpException e) {
            throw new CommandFailure(ExitCode.FAILED, e.getMessage(), e);
        }
    }

    /** The ones that are not there yet. */
    private static List<MessageId> ask(PipelinedClient client, List<MessageId> ids)
            throws NntpException {
        List<MessageId> lacking = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += WINDOW) {
            List<MessageId> some = ids.subList(from, Math.min(ids.size(), from + WINDOW));
            for (MessageId id : some) {
                client.request("STAT " + id.value());
            }
            client.flush();
            for (MessageId id : some) {
                if (client.reply().code() != 223) {
                    lacking.add(id);
                }
            }
        }
        return lacking;
    }
}

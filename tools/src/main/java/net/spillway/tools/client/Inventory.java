package net.spillway.tools.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.spillway.protocol.HaveBlock;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.ProtocolException;
import net.spillway.protocol.Reply;
import net.spillway.protocol.ReplyCode;

/**
 * Asks a server which of many articles it has: by XHAVE where that is spoken, by pipelined STAT
 * elsewhere. Nothing else may be outstanding on the connection.
 */
public final class Inventory {
    /** STATs under way, and octets of them, with replies about as long: no buffer fills up. */
    private static final int WINDOW = 1000;
    private static final int WINDOW_OCTETS = 64 << 10;
    private static final String STAT = "STAT ";
    /** STATs after which the listener hears of them. */
    private static final int BATCH = 200;

    private final PipelinedClient client;
    private final List<MessageId> ids;
    private final Listener listener;

    /** Hears of articles, in the order in which they were named, each once. */
    @FunctionalInterface
    public interface Listener {
        /**
         * So much is known.
         *
         * @param from the first article of whom it is known
         * @param to behind the last
         * @param held which of them are there, counted from 0 for {@code from}
         * @return false to ask for no more
         */
        boolean learnt(int from, int to, BitSet held);
    }

    private Inventory(PipelinedClient client, List<MessageId> ids, Listener listener) {
        this.client = client;
        this.ids = ids;
        this.listener = listener;
    }

    /**
     * Asks about all of them, unless the listener has enough.
     *
     * @return false if the server gives no such answers; the listener may have heard some then
     */
    public static boolean take(PipelinedClient client, List<MessageId> ids, Listener listener)
            throws NntpException {
        Inventory inventory = new Inventory(client, ids, listener);
        OptionalInt most = most(client);
        int from = 0;
        while (most.isPresent() && from < ids.size()) {
            int to = Math.min(ids.size(), from + most.getAsInt());
            Optional<BitSet> held = inventory.xhave(from, to);
            if (held.isEmpty()) {
                break;
            }
            if (!listener.learnt(from, to, held.get())) {
                return true;
            }
            from = to;
        }
        return from == ids.size() || inventory.stat(from);
    }

    /** How many a server takes in one XHAVE, if it takes any. */
    private static OptionalInt most(PipelinedClient client) {
        List<String> words = client.capability("XHAVE").orElse(List.of());
        if (words.isEmpty() || !words.getFirst().matches("[1-9][0-9]{0,8}")) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Math.min(HaveBlock.MOST, Integer.parseInt(words.getFirst())));
    }

    private Optional<BitSet> xhave(int from, int to) throws NntpException {
        client.request("XHAVE " + (to - from));
        client.write(HaveBlock.request(ids.subList(from, to)));
        client.flush();
        if (client.reply().code() != ReplyCode.HELD) {
            return Optional.empty();
        }
        Optional<Block> block = client.block();
        try {
            return block.isEmpty() ? Optional.empty() : Optional.of(HaveBlock.held(
                    Arrays.copyOfRange(block.get().bytes(), block.get().from(),
                            block.get().to()), to - from));
        } catch (ProtocolException e) {
            throw new NntpException.ConnectionLost(
                    client.name(), "no answer to XHAVE: " + e.getMessage(), e);
        }
    }

    private boolean stat(int first) throws NntpException {
        BitSet held = new BitSet();
        List<Reply> odd = new ArrayList<>();
        boolean more = true;
        int asked = first;
        int told = first;
        int half = first; // Where half of what was under way is answered.
        for (int at = first; at < asked || more && at < ids.size(); at++) {
            if (at >= half && more) {
                asked = ask(asked, askable(ids, at));
                half = at + Math.max(1, (asked - at) / 2);
            }
            Reply reply = client.reply();
            switch (reply.code()) {
                case ReplyCode.ARTICLE_EXISTS -> held.set(at - told);
                case ReplyCode.NO_SUCH_ARTICLE, ReplyCode.NO_SUCH_NUMBER,
                        ReplyCode.NO_CURRENT_ARTICLE, ReplyCode.TAKEN_DOWN -> { }
                default -> odd.add(reply);
            }
            more &= odd.isEmpty();
            if (more && (at + 1 - told == BATCH || at + 1 == ids.size())) {
                more = listener.learnt(told, at + 1, held);
                told = at + 1;
                held = new BitSet();
            }
        }
        return odd.isEmpty();
    }

    /** Behind the last about which may be asked while the one at {@code at} is not answered. */
    static int askable(List<MessageId> ids, int at) {
        int end = Math.min(ids.size(), at + WINDOW);
        int to = at;
        for (int octets = 0; to < end && octets < WINDOW_OCTETS; to++) {
            octets += STAT.length() + ids.get(to).value().length() + 2;
        }
        return to;
    }

    private int ask(int from, int to) throws NntpException {
        for (int i = from; i < to; i++) {
            client.request(STAT + ids.get(i).value());
        }
        client.flush();
        return Math.max(from, to);
    }
}

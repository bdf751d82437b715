package net.spillway.relay.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import net.spillway.protocol.ArticleRange;
import net.spillway.protocol.BlockDecoder;
import net.spillway.protocol.Command;
import net.spillway.protocol.HaveBlock;
import net.spillway.protocol.ProtocolException;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.access.Rights;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.spool.Spool;
import net.spillway.spool.segment.IdHash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XHAVE: which of many articles are here ({@link HaveBlock}). What the client may not read is not
 * here for it, so that nothing more can be learnt by hash than by STAT. Few requests are looked up
 * at a time, on threads of their own, since each may take long.
 */
record HaveCommand() implements Handler {
    static final String CAPABILITY = "XHAVE " + HaveBlock.MOST;
    static final String HELP = "XHAVE count (and a block of hashes)";

    private static final Logger LOG = LoggerFactory.getLogger(HaveCommand.class);
    /** Each that waits holds its block of up to {@link HaveBlock#MOST_OCTETS}. */
    private static final FewAtATime LOOK_UPS = new FewAtATime("have", 2, 16);

    @Override
    public Answer answer(Conversation conversation, Command command) {
        long n = ArticleRange.number(command.arguments().getFirst());
        if (n < 1 || n > HaveBlock.MOST) {
            return Answer.line(ReplyCode.SYNTAX_ERROR,
                    "ask about 1 to " + HaveBlock.MOST + " articles");
        }
        Rights rights = conversation.rights();
        Spool spool = conversation.relay().spool();
        return new Answer.Receive(Optional.empty(), HaveBlock.MOST_OCTETS, new Answer.Receiver() {
            @Override
            public Answer received(BlockDecoder.Complete block) {
                byte[] wire = block.bytes();
                return LOOK_UPS.answer(() -> lookUp(spool, rights, wire, (int) n));
            }

            @Override
            public Answer refused(String why) {
                return Answer.line(ReplyCode.SYNTAX_ERROR, why);
            }
        });
    }

    private static Answer lookUp(Spool spool, Rights rights, byte[] wire, int n) {
        try {
            ByteBuffer hashes = ByteBuffer.wrap(HaveBlock.hashes(wire, n));
            BitSet held = new BitSet(n);
            for (int i = 0; i < n; i++) {
                held.set(i, holds(spool, rights, new IdHash(hashes.getLong(), hashes.getLong())));
            }
            return Answer.block(ReplyCode.HELD, String.valueOf(n),
                    Lines.of(HaveBlock.bitmap(held, n)));
        } catch (ProtocolException e) {
            return Answer.line(ReplyCode.SYNTAX_ERROR, e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            LOG.error("XHAVE failed", e);
            return Answer.line(ReplyCode.INTERNAL_FAULT, "something failed here; try again later");
        }
    }

    private static boolean holds(Spool spool, Rights rights, IdHash id) throws IOException {
        return spool.holds(id) && (rights.readsAll() || spool.overview(id)
                .filter(line -> rights.mayReadOneOf(Conversation.groupsOf(line))).isPresent());
    }
}

package net.spillway.feed;

import static net.spillway.protocol.ReplyCode.SEND_TRANSFER;
import static net.spillway.protocol.ReplyCode.SYNTAX_ERROR;
import static net.spillway.protocol.ReplyCode.TRANSFERRED;
import static net.spillway.protocol.ReplyCode.TRANSFER_LATER;
import static net.spillway.protocol.ReplyCode.TRANSFER_REJECTED;
import static net.spillway.protocol.ReplyCode.TRANSFER_UNWANTED;

import java.util.Optional;
import java.util.function.Consumer;
import net.spillway.protocol.Reply;

/**
 * Transfer with IHAVE (RFC 3977, section 6.3.2): one article at a time, since the second half may
 * not be pipelined. The article is opened before it is offered: once the peer has said 335 there
 * is no way to take the offer back.
 */
final class IhaveFeeder implements Exchange {
    private final OfferDesk desk;
    private final Wire wire;
    private Optional<Offer> current = Optional.empty();
    /** Present between the offer and its answer; the wire's once it is being sent. */
    private Optional<OutgoingArticle> held = Optional.empty();
    private long since;
    private boolean draining;

    IhaveFeeder(OfferDesk desk, Wire wire) {
        this.desk = desk;
        this.wire = wire;
    }

    @Override
    public void pump(long now) {
        while (!draining && current.isEmpty()) {
            Optional<Offer> next = desk.take(now);
            if (next.isEmpty()) {
                return;
            }
            held = desk.open(next.get(), now);
            if (held.isPresent()) {
                current = next;
                since = now;
                desk.offered();
                wire.line("IHAVE " + next.get().id().value());
            }
        }
    }

    @Override
    public boolean reply(Reply reply, long now) {
        if (current.isEmpty()) {
            return false;
        }
        boolean offered = held.isPresent();
        desk.said(current.get(), reply);
        switch (reply.code()) {
            case SEND_TRANSFER -> {
                if (!offered) {
                    return false;
                }
                since = now;
                wire.article(held.get());
                held = Optional.empty();
            }
            case TRANSFER_UNWANTED -> close(desk::refused);
            case TRANSFER_LATER -> close(o -> desk.deferred(o, now));
            case TRANSFERRED -> {
                if (offered) {
                    return false;
                }
                close(desk::accepted);
            }
            case TRANSFER_REJECTED -> {
                desk.problem("rejected: " + current.get().id().value() + ": " + reply);
                close(desk::rejected);
            }
            case SYNTAX_ERROR -> {
                desk.problem("the peer did not understand IHAVE of "
                        + current.get().id().value() + ": " + reply);
                close(o -> desk.deferred(o, now));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void close(Consumer<Offer> fate) {
        held.ifPresent(OutgoingArticle::close);
        held = Optional.empty();
        current.ifPresent(fate);
        current = Optional.empty();
    }

    @Override
    public void articlesSent(int count) {
        // The verdict is what counts.
    }

    @Override
    public void drain() {
        draining = true;
    }

    @Override
    public boolean idle() {
        return current.isEmpty();
    }

    @Override
    public long oldestUnanswered() {
        return current.isEmpty() ? Long.MAX_VALUE : since;
    }

    @Override
    public void release(boolean putOff, long now) {
        if (putOff) {
            close(o -> desk.deferred(o, now));
        } else if (held.isPresent()) {
            close(desk::returned);
        } else {
            close(o -> desk.interrupted(o, now));
        }
    }
}

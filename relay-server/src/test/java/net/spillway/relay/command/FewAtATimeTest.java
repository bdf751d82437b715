package net.spillway.relay.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.session.Answer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class FewAtATimeTest {
    private static final int MOST = 2;
    private static final int WAITING = 3;

    private final FewAtATime few = new FewAtATime("test", MOST, WAITING);
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();

    private Answer slow() {
        begun.incrementAndGet();
        try {
            end.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Answer.line(ReplyCode.HELD, "1");
    }

    private static int code(Answer answer) {
        return assertInstanceOf(Answer.Line.class, answer).reply().code();
    }

    @Test
    void fewAreMadeAtOnceFewMoreWaitAndWhoComesOnTopIsToldToTryLater() throws Exception {
        List<Answer.Later> taken = new ArrayList<>();
        for (int i = 0; i < MOST + WAITING; i++) {
            taken.add(assertInstanceOf(Answer.Later.class, few.answer(this::slow)));
        }
        assertEquals(ReplyCode.INTERNAL_FAULT, code(few.answer(this::slow)));
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> begun.get() == MOST);
        for (Answer.Later later : taken) {
            assertFalse(later.answer().toCompletableFuture().isDone());
        }
        end.countDown();
        for (Answer.Later later : taken) {
            assertEquals(ReplyCode.HELD,
                    code(later.answer().toCompletableFuture().get(1, TimeUnit.MINUTES)));
        }
        assertEquals(MOST + WAITING, begun.get(), "who was sent away was not served");
        Answer.Later next = assertInstanceOf(Answer.Later.class, few.answer(this::slow));
        assertEquals(ReplyCode.HELD,
                code(next.answer().toCompletableFuture().get(1, TimeUnit.MINUTES)));
    }
}

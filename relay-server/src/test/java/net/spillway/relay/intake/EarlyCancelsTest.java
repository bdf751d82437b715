package net.spillway.relay.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import net.spillway.protocol.MessageId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cancels that come before their articles. */
class EarlyCancelsTest {
    private static final MessageId ID = MessageId.of("<1@x>");
    private static final MessageId OTHER = MessageId.of("<2@x>");
    private static final CancelLock TRUE = new CancelLock("sha256", "true");
    private static final CancelLock FALSE = new CancelLock("sha256", "false");

    @TempDir
    private Path dir;

    private EarlyCancels open() {
        return new EarlyCancels(dir.resolve("early"));
    }

    @Test
    void aLaterCancelWithAnotherKeyDoesNotUndoTheFirst() {
        EarlyCancels early = open();
        early.note(ID, List.of(TRUE));
        early.note(ID, List.of(FALSE));
        assertEquals(List.of(TRUE, FALSE), early.take(ID));
        assertEquals(List.of(), early.take(ID));
    }

    @Test
    void keysForOneArticleAreBounded() {
        EarlyCancels early = open();
        early.note(ID, List.of(TRUE));
        IntStream.range(0, 100).forEach(i ->
                early.note(ID, List.of(new CancelLock("sha256", "k" + i))));
        early.note(OTHER, List.of(TRUE));
        early.note(OTHER, List.of(new CancelLock("sha256", "k".repeat(5000))));
        assertEquals(32, early.take(ID).size());
        assertEquals(List.of(TRUE), early.take(OTHER));
    }

    @Test
    void whatIsKeptOutlastsARestartAndDamage() throws Exception {
        EarlyCancels early = open();
        early.note(ID, List.of(TRUE));
        early.keep(ID);
        early.note(ID, List.of(FALSE));
        early.keep(ID);
        early.note(OTHER, List.of(TRUE));
        Files.writeString(dir.resolve("early"), "nonsense\n<3@x> sha2", StandardOpenOption.APPEND);
        EarlyCancels again = open();
        assertEquals(List.of(), again.take(OTHER), "it was noted, but not kept");
        again.note(OTHER, List.of(FALSE));
        again.keep(OTHER);
        EarlyCancels third = open();
        assertEquals(List.of(TRUE, FALSE), third.take(ID));
        assertEquals(List.of(FALSE), third.take(OTHER));
    }
}

package net.spillway.spool.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeadFieldsTest {
    @Test
    void fieldsAreUnfoldedAndHoldNothingThatBreaksALine() {
        HeadFields head = read("SUBJECT: a\r\n\tb\0c\td\r\nfrom:x\r\nX-Subject: no\r\n"
                + "References: <a@b>\r\n <c@d>\r\nSubject: second\r\n");
        assertEquals("a b c d", head.subject());
        assertEquals("x", head.from());
        assertEquals("<a@b> <c@d>", head.references());
        assertEquals("", head.path());
    }

    @Test
    void octetsThatAreNotUtf8AreTakenAsLatin1() {
        byte[] head = "Subject: gr\u00fcn\r\n".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("grün", HeadFields.read(head, 0, head.length).subject());
        assertEquals("grün", read("Subject: grün\r\n").subject());
    }

    @Test
    void anyOctetsAreRead() {
        for (String text : new String[] {"", ":", "\r\n", " \r\n", "subject", "subject:",
            "subject:\r\n", "\nsubject: x"}) {
            read(text);
        }
        assertEquals("x", read("\nsubject: x").subject());
    }

    private static HeadFields read(String head) {
        byte[] bytes = head.getBytes(StandardCharsets.UTF_8);
        return HeadFields.read(bytes, 0, bytes.length);
    }
}

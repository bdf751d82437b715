package net.spillway.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class BoundedInputTest {
    private static InputStream input(int octets) {
        return new BoundedInput(new ByteArrayInputStream(new byte[octets]), 10,
                () -> new IOException("too much"));
    }

    @Test
    void asMuchAsThereMayBeIsReadAndItsEndToo() throws IOException {
        assertEquals(10, input(10).readAllBytes().length);
        InputStream in = input(1);
        assertEquals(0, in.read());
        assertEquals(-1, in.read());
    }

    @Test
    void oneOctetMoreIsAnErrorHoweverItIsRead() throws IOException {
        assertEquals("too much",
                assertThrows(IOException.class, () -> input(11).readAllBytes()).getMessage());
        InputStream in = input(11);
        assertEquals(10, in.readNBytes(10).length);
        assertThrows(IOException.class, in::read);
    }
}

package net.spillway.fec.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class Hash16Test {
    @Test
    void hashesAreOrderedAsLittleEndianNumbers() {
        Hash16 small = Hash16.parse("ffffffffffffffffffffffffffffff00");
        Hash16 large = Hash16.parse("00000000000000000000000000000080");
        assertTrue(small.compareTo(large) < 0);
        assertTrue(large.compareTo(small) > 0);
        assertTrue(
                Hash16.parse("01000000000000800000000000000000")
                                .compareTo(Hash16.parse("00000000000000010000000000000000"))
                        > 0);
    }

    @Test
    void hashIsItsBytesAndItsDigits() {
        Hash16 md5 = Hash16.md5(new byte[0]);
        assertEquals("d41d8cd98f00b204e9800998ecf8427e", md5.toString());
        assertEquals(md5, Hash16.parse(md5.toString()));
        assertArrayEquals(md5.bytes(), Hash16.at(md5.bytes(), 0).bytes());
        assertThrows(IllegalArgumentException.class, () -> Hash16.parse("d41d"));
    }
}

package net.spillway.relay.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UnreadInputTest {
    @Test
    void whenAllTogetherHaveTooMuchUnreadEachMayHaveLittle() {
        UnreadInput all = new UnreadInput(1_000_000);
        all.add(1_000_000);
        assertEquals(256_000, all.allowed(256_000));
        all.add(1);
        assertEquals(16 * 1024, all.allowed(256_000));
        assertEquals(4096, all.allowed(4096), "never more than usual");
        all.add(-1);
        assertEquals(256_000, all.allowed(256_000));
    }
}

package net.spillway.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Randomness that can be had again: the seed is printed, and -Dseed=N sets it. */
public final class Seeded {
    private Seeded() {}

    public static Random random(String test) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println(test + ": -Dseed=" + seed);
        return new Random(seed);
    }

    public static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(byte[] latin1) {
        return new String(latin1, StandardCharsets.ISO_8859_1);
    }

    /** Random letters from a small alphabet, so that rare sequences come often. */
    public static byte[] drawn(Random random, String alphabet, int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return out;
    }
}

package net.spillway.fec.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Which vectors suit this CPU. A byte shuffle over more than 128 bits is one instruction only with
 * AVX-512 VBMI; without it wider vectors are slower than narrow ones, and a shape that the CPU
 * lacks altogether is thousands of times slower. The JDK does not tell about VBMI, so Linux is
 * asked; elsewhere 128 bits are used. {@code -Dspillway.fec.vector.bits=128|256|512} overrides.
 */
final class VectorCpu {
    static final String BITS = "spillway.fec.vector.bits";

    private VectorCpu() {}

    /** True if the JIT compiles at least 128-bit vectors here. */
    static boolean sensible() {
        return VectorShape.preferredShape().vectorBitSize() >= 128;
    }

    static VectorSpecies<Byte> species() {
        return switch (bits()) {
            case 512 -> ByteVector.SPECIES_512;
            case 256 -> ByteVector.SPECIES_256;
            default -> ByteVector.SPECIES_128;
        };
    }

    private static int bits() {
        String wanted = System.getProperty(BITS);
        if (wanted != null) {
            return switch (wanted) {
                case "128", "256", "512" -> Integer.parseInt(wanted);
                default ->
                        throw new IllegalArgumentException(
                                BITS + " is 128, 256 or 512, not " + wanted);
            };
        }
        int preferred = VectorShape.preferredShape().vectorBitSize();
        return preferred >= 256 && hasByteShuffle() ? Math.min(preferred, 512) : 128;
    }

    private static boolean hasByteShuffle() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)
                    .contains("avx512vbmi");
        } catch (IOException | SecurityException e) {
            return false;
        }
    }
}

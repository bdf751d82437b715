package net.spillway.protocol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.incubator.vector.VectorShape;

/**
 * Whether octets can be picked out of a vector by one instruction (AVX-512 VBMI2), in which case
 * yEnc goes a vector at a time, escapes and all, instead of from one escape to the next. The JDK
 * does not tell; without the instruction it would do the same a thousand times slower. So Linux is
 * asked, and elsewhere the answer is no. To be touched only where the incubating module is there.
 */
final class CompressingYenc {
    private static final int BITS = 512;

    static final boolean IS_THERE =
            VectorShape.preferredShape().vectorBitSize() == BITS && hasInstruction();

    private CompressingYenc() {}

    private static boolean hasInstruction() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)
                    .contains("avx512_vbmi2");
        } catch (IOException | SecurityException e) {
            return false;
        }
    }
}

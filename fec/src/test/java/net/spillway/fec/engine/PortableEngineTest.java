package net.spillway.fec.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.backblaze.erasure.Galois;
import net.spillway.fec.gf.Gf16;
import org.junit.jupiter.api.Test;

class PortableEngineTest extends EngineContract {
    @Override
    SliceEngine engine() {
        return new PortableEngine();
    }

    @Test
    void everyByteOfJavaReedSolomonsFieldMultipliesTheSameInTheTower() {
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                int product = Galois.multiply((byte) a, (byte) b) & 255;
                assertEquals(
                        Tower.JOIN[product], Gf16.multiply(Tower.JOIN[a], Tower.JOIN[b]));
            }
        }
    }
}

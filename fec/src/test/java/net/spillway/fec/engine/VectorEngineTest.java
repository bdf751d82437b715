package net.spillway.fec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorEngineTest extends EngineContract {
    @BeforeAll
    static void needsTheModule() {
        assumeTrue(Engines.vectorAvailable(), "this JVM runs without jdk.incubator.vector");
    }

    @Override
    SliceEngine engine() {
        return Engines.named("vector");
    }

    @Test
    void engineIsTheBestOne() {
        assertInstanceOf(VectorEngine.class, Engines.best());
    }

    /** The shape is a constant of the class, so the classes are loaded afresh for each. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void everyVectorShapeGivesTheSameSums(int bits) throws Exception {
        URL classes = VectorEngine.class.getProtectionDomain().getCodeSource().getLocation();
        String before = System.getProperty(VectorCpu.BITS);
        System.setProperty(VectorCpu.BITS, Integer.toString(bits));
        try (var loader = new FreshLoader(classes)) {
            Class<?> probe = loader.loadClass(ShapeProbe.class.getName());
            @SuppressWarnings("unchecked")
            var run = (Supplier<List<Object>>) probe.getConstructor().newInstance();
            List<Object> result = run.get();
            assertEquals(bits, result.get(0));
            assertArrayEquals(ShapeProbe.sums(new ScalarEngine()), (byte[]) result.get(1));
        } finally {
            if (before == null) {
                System.clearProperty(VectorCpu.BITS);
            } else {
                System.setProperty(VectorCpu.BITS, before);
            }
        }
    }

    /** Runs inside the fresh loader. */
    public static final class ShapeProbe implements Supplier<List<Object>> {
        /** Public for the loader. */
        public ShapeProbe() {}

        @Override
        public List<Object> get() {
            VectorEngine engine = new VectorEngine();
            return List.of(engine.vectorBits(), sums(engine));
        }

        static byte[] sums(SliceEngine engine) {
            Random random = new Random(7);
            byte[][] inputs = new byte[3][522];
            char[][] factors = new char[3][3];
            for (int i = 0; i < 3; i++) {
                random.nextBytes(inputs[i]);
                for (int r = 0; r < 3; r++) {
                    factors[i][r] = (char) random.nextInt(65536);
                }
            }
            byte[] sums = new byte[3 * 522];
            try (Accumulator a = engine.accumulator(3, 522)) {
                a.add(inputs, 0, 3, factors);
                for (int r = 0; r < 3; r++) {
                    a.read(r, 0, sums, 522 * r, 522);
                }
            }
            return sums;
        }
    }

    /** Loads the engines anew instead of asking its parent first. */
    private static final class FreshLoader extends URLClassLoader {
        FreshLoader(URL classes) {
            super(
                    new URL[] {
                        classes,
                        VectorEngineTest.class.getProtectionDomain().getCodeSource().getLocation()
                    },
                    VectorEngineTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (name.startsWith("net.spillway.fec.engine.") && findLoadedClass(name) == null) {
                    return findClass(name);
                }
                return super.loadClass(name, resolve);
            }
        }
    }
}

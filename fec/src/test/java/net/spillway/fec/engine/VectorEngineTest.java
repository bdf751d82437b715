package net.spillway.fec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.transform.LostSlices;
import net.spillway.fec.transform.ScalarSolver;
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
    void everyVectorShapeGivesTheSameBytes(int bits) throws Exception {
        URL classes = VectorEngine.class.getProtectionDomain().getCodeSource().getLocation();
        Map<String, String> before = set(Map.of(
                VectorCpu.BITS, Integer.toString(bits),
                // Calls to get kernels compiled would take longer than the calls that count.
                Engines.EARLY, "true"));
        try (var loader = new FreshLoader(classes)) {
            Class<?> probe = loader.loadClass(ShapeProbe.class.getName());
            @SuppressWarnings("unchecked")
            var run = (Supplier<Map<String, Object>>) probe.getConstructor().newInstance();
            Map<String, Object> result = run.get();
            assertEquals(bits, result.get("bits"));
            assertArrayEquals(ShapeProbe.sums(new ScalarEngine()), (byte[]) result.get("sums"));
            assertArrayEquals(
                    ShapeProbe.recovery(new ScalarEngine()), (byte[]) result.get("transformed"));
            assertArrayEquals(solved(ShapeProbe.syndromes()), (byte[]) result.get("solved"));
            assertArrayEquals(
                    digests((int) result.get("lanes")), (byte[]) result.get("digests"));
        } finally {
            set(before);
        }
    }

    /** Sets properties, an empty one to nothing, and returns what they were. */
    private static Map<String, String> set(Map<String, String> properties) {
        Map<String, String> before = new HashMap<>();
        properties.forEach((name, value) -> {
            before.put(name, System.getProperty(name, ""));
            if (value.isEmpty()) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        return before;
    }

    /** Column by column by the scalar solver. */
    private static byte[] solved(byte[] syndromes) {
        int m = ShapeProbe.MISSING.length;
        ScalarSolver scalar = new ScalarSolver(
                new LostSlices(ShapeProbe.MISSING, 3),
                LostSlices.productLog(m),
                LostSlices.valuesLog(m) + 1);
        ByteBuffer rows = ByteBuffer.wrap(syndromes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int column = 0; column < SyndromeSolver.COLUMNS; column += 2) {
            int[] words = new int[m];
            for (int r = 0; r < m; r++) {
                words[r] = rows.getChar(r * SyndromeSolver.COLUMNS + column);
            }
            int[] lost = scalar.solve(words);
            for (int r = 0; r < m; r++) {
                rows.putChar(r * SyndromeSolver.COLUMNS + column, (char) lost[r]);
            }
        }
        return rows.array();
    }

    /** One after the other by the JDK. */
    private static byte[] digests(int lanes) throws Exception {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        ByteBuffer digests = ByteBuffer.allocate(16 * lanes);
        for (int lane = 0; lane < lanes; lane++) {
            digests.put(md5.digest(ShapeProbe.bytes(lane, ShapeProbe.MESSAGE)));
        }
        return digests.array();
    }

    /** Runs inside the fresh loader: whatever has vectors of its own, as little as shows it. */
    public static final class ShapeProbe implements Supplier<Map<String, Object>> {
        static final int[] MISSING = IntStream.range(0, 40).map(i -> 5 * i + i % 3).toArray();
        static final int MESSAGE = 128;
        private static final int SLICES = 300;
        private static final int RECOVERY = 64;
        private static final int LENGTH = 100;

        /** Public for the loader. */
        public ShapeProbe() {}

        @Override
        public Map<String, Object> get() {
            VectorEngine engine = new VectorEngine();
            Md5Lanes md5 = engine.md5Lanes().orElseThrow();
            return Map.of(
                    "bits", engine.vectorBits(),
                    "sums", sums(engine),
                    "transformed", transformed(engine),
                    "solved", solved(engine),
                    "lanes", md5.lanes(),
                    "digests", digests(md5));
        }

        static byte[] bytes(int seed, int length) {
            byte[] bytes = new byte[length];
            new Random(seed).nextBytes(bytes);
            return bytes;
        }

        /**
         * Direct sums: of few and of many rows, in one tile and in several, of fewer inputs than
         * are taken together and of more.
         */
        static byte[] sums(SliceEngine engine) {
            ByteArrayOutputStream sums = new ByteArrayOutputStream();
            sums(engine, 3, 522, 3, sums);
            sums(engine, 1, 2, 1, sums);
            sums(engine, 5, 9000, 7, sums);
            sums(engine, 7, 132, 67, sums);
            sums(engine, 280, 132, 67, sums);
            sums(engine, 4200, 66, 9, sums);
            return sums.toByteArray();
        }

        /** One input adds nothing at all, and others nothing to some rows. */
        private static void sums(
                SliceEngine engine, int rows, int length, int count, ByteArrayOutputStream sums) {
            Random random = new Random(rows ^ length);
            int offset = 5;
            byte[][] inputs = new byte[count][offset + length + 3];
            char[][] factors = new char[count][rows];
            for (int i = 0; i < count; i++) {
                random.nextBytes(inputs[i]);
                for (int r = 0; r < rows && (count < 3 || i != count / 2); r++) {
                    factors[i][r] =
                            (char) (random.nextInt(4) == 0 ? 0 : random.nextInt(65536));
                }
            }
            int from = length / 3 / 2 * 2;
            try (Accumulator a = engine.accumulator(rows, length)) {
                a.add(inputs, offset, count, factors);
                a.write(rows - 1, from, inputs[0], offset, length - from);
                a.add(inputs, 0, (count + 1) / 2, factors);
                sums.writeBytes(all(a));
                byte[] part = new byte[length - from + 1];
                a.read(rows / 2, from, part, 1, length - from);
                sums.writeBytes(part);
                a.clear();
                a.add(inputs, 1, 1, factors);
                sums.writeBytes(all(a));
            }
        }

        private static byte[] all(Accumulator a) {
            byte[] all = new byte[a.rows() * a.length()];
            for (int r = 0; r < a.rows(); r++) {
                a.read(r, 0, all, a.length() * r, a.length());
            }
            return all;
        }

        private static byte[] sums(SliceEngine engine, byte[][] inputs, char[][] factors) {
            int rows = factors[0].length;
            int length = inputs[0].length;
            try (Accumulator a = engine.accumulator(rows, length)) {
                a.add(inputs, 0, inputs.length, factors);
                return all(a);
            }
        }

        /** Recovery slices computed directly. */
        static byte[] recovery(SliceEngine engine) {
            byte[][] slices = new byte[SLICES][];
            char[][] factors = new char[SLICES][RECOVERY];
            for (int i = 0; i < SLICES; i++) {
                slices[i] = bytes(i, LENGTH);
                for (int r = 0; r < RECOVERY; r++) {
                    factors[i][r] = Par2Constants.factor(i, r);
                }
            }
            return sums(engine, slices, factors);
        }

        private static byte[] transformed(VectorEngine engine) {
            int[] exponents = IntStream.range(0, RECOVERY).toArray();
            byte[] recovery = new byte[RECOVERY * LENGTH];
            try (Arena arena = Arena.ofConfined();
                    SliceTransform transform =
                            engine.transform(exponents, LENGTH, null, 1).orElseThrow()) {
                MemorySegment[] slices = new MemorySegment[SLICES];
                for (int i = 0; i < SLICES; i++) {
                    slices[i] = arena.allocate(SliceTransform.PADDING, 64)
                            .copyFrom(MemorySegment.ofArray(bytes(i, LENGTH)));
                }
                transform.add(IntStream.range(0, SLICES).toArray(), new Apart(slices), SLICES);
                for (int r = 0; r < RECOVERY; r++) {
                    transform.read(r, 0, recovery, LENGTH * r, LENGTH);
                }
            }
            return recovery;
        }

        static byte[] syndromes() {
            return bytes(-1, MISSING.length * SyndromeSolver.COLUMNS);
        }

        private static byte[] solved(VectorEngine engine) {
            byte[] syndromes = syndromes();
            try (Arena arena = Arena.ofConfined();
                    SyndromeSolver solver = engine.solver(MISSING, 3).orElseThrow()) {
                MemorySegment rows = arena.allocate(syndromes.length, 64)
                        .copyFrom(MemorySegment.ofArray(syndromes));
                solver.solve(rows, SyndromeSolver.COLUMNS, 1);
                return rows.toArray(ValueLayout.JAVA_BYTE);
            }
        }

        /** A different message in each lane, with the padding of RFC 1321 behind it. */
        private static byte[] digests(Md5Lanes md5) {
            int padded = MESSAGE + Md5Lanes.BLOCK;
            int[] states = new int[md5.lanes() * Md5Lanes.STATE];
            long[] at = new long[md5.lanes()];
            ByteBuffer messages =
                    ByteBuffer.allocate(md5.lanes() * padded).order(ByteOrder.LITTLE_ENDIAN);
            for (int lane = 0; lane < at.length; lane++) {
                Md5Lanes.start(states, lane * Md5Lanes.STATE);
                at[lane] = (long) lane * padded;
                messages.put(lane * padded, bytes(lane, MESSAGE));
                messages.put(lane * padded + MESSAGE, (byte) 0x80);
                messages.putLong((lane + 1) * padded - 8, MESSAGE * 8L);
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment data = arena.allocate(messages.capacity(), 64)
                        .copyFrom(MemorySegment.ofArray(messages.array()));
                md5.update(states, data, at, padded);
            }
            ByteBuffer digests =
                    ByteBuffer.allocate(4 * states.length).order(ByteOrder.LITTLE_ENDIAN);
            digests.asIntBuffer().put(states);
            return digests.array();
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

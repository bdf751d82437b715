package net.spillway.fec;

import static net.spillway.fec.TestFiles.contents;
import static net.spillway.fec.TestFiles.options;
import static net.spillway.fec.TestFiles.par2;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated sets, made by us and by par2cmdline with the same parameters, damaged, and repaired by
 * each with the set of the other. {@code -Pinterop} makes it 200 sets; {@code
 * -Dspillway.interop.seed} chooses others.
 */
class Par2MatrixTest {
    private static final int SETS = Integer.getInteger("spillway.interop.sets", 30);
    private static final long SEED = Long.getLong("spillway.interop.seed", 20);
    private static final int[] SLICES = {4, 8, 20, 100, 252, 1000, 1024, 4096, 10_004, 65_536};

    /** None of a single character: par2cmdline 0.8.1 crashes when it makes a set of one. */
    private static final String[] NAMES = {
        "ab", "with blanks", "größe", "日本語.txt", "sub/x.bin", "sub/deep er/y", "UPPER.BIN",
        ".hidden", "it's (1of2) [x]", "-dash", "100%", "a.par2.not", "semi;colon&", "plus+plus"
    };

    /** What a file is called that was renamed. */
    private static final String RENAMED = "renamed.bin";

    @TempDir Path temp;

    @BeforeAll
    static void needsPar2() {
        TestFiles.needPar2();
    }

    /** What a set is made of; {@code lost} slices will be gone. */
    private record Plan(
            int number, int sliceSize, Map<String, byte[]> files, int recovery, int first,
            Scheme scheme, int lost) {
        /** How recovery slices are spread over volumes, for them and for us. */
        enum Scheme { DOUBLING, UNIFORM, COUNTED, LIMITED }

        boolean hasRenamed() {
            return number % 3 == 1;
        }

        int slices() {
            return files.values().stream().mapToInt(f -> Math.ceilDiv(f.length, sliceSize)).sum();
        }

        @Override
        public String toString() {
            return "set " + number + " of seed " + SEED + ": " + files.size() + " files, "
                    + slices() + " slices of " + sliceSize + ", " + recovery
                    + " recovery slices from " + first + " on, " + scheme + ", " + lost + " lost"
                    + (hasRenamed() ? ", one file renamed" : "");
        }
    }

    private static Plan plan(int number) {
        Random random = new Random(SEED * 1000 + number);
        int size = SLICES[random.nextInt(SLICES.length)];
        Map<String, byte[]> files = new TreeMap<>();
        int budget = random.nextInt(1, 20) == 7 ? 1500 : 200;
        int count = random.nextInt(1, 8);
        for (int i = 0; i < count; i++) {
            int slices = random.nextInt(1, Math.max(2, budget / count));
            // Whole slices, a byte less, a byte more, or anything.
            int odd = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> -1;
                case 2 -> 1;
                default -> random.nextInt(size);
            };
            byte[] bytes = new byte[slices * size + odd];
            random.nextBytes(bytes);
            files.put(NAMES[random.nextInt(NAMES.length)], bytes);
        }
        if (number % 7 == 2) {
            files.put("nothing in it", new byte[0]);
        }
        int recovery = random.nextInt(1, 41);
        Plan plan = new Plan(number, size, files, recovery, 0, Plan.Scheme.DOUBLING, 0);
        int lost = switch (number % 5) {
            case 0 -> 0;
            case 1 -> recovery;
            case 2 -> recovery + 1;
            case 3 -> recovery - 1;
            default -> random.nextInt(recovery + 1);
        };
        return new Plan(
                number, size, files, recovery, random.nextInt(4) == 0 ? random.nextInt(300) : 0,
                number % 4 == 3 ? Plan.Scheme.LIMITED : Plan.Scheme.values()[random.nextInt(3)],
                Math.min(lost, plan.slices()));
    }

    @TestFactory
    Stream<DynamicTest> eachRepairsWithTheSetOfTheOther() {
        return IntStream.range(0, SETS)
                .mapToObj(Par2MatrixTest::plan)
                .map(plan -> DynamicTest.dynamicTest(plan.toString(), () -> tryOut(plan)));
    }

    private void tryOut(Plan plan) throws Exception {
        Path folder = Files.createDirectory(temp.resolve("set" + plan.number()));
        for (var file : plan.files().entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        createTheirs(plan, folder);
        createOurs(plan, folder);
        assertSameParity(folder);
        Map<String, byte[]> damaged = damage(plan);
        boolean enough = plan.lost() <= plan.recovery();

        put(folder, plan, damaged);
        List<String> extras = damaged.containsKey(RENAMED) ? List.of(RENAMED) : List.of();
        List<String> args = new ArrayList<>(List.of("repair", "-q", "-t1", "ours.par2"));
        args.addAll(extras);
        assertEquals(enough ? 0 : 2, par2(folder, args.toArray(String[]::new)), "they");
        assertFiles(folder, enough ? plan.files() : damaged);

        put(folder, plan, damaged);
        var result = Par2Repairer.repair(
                Par2Archive.open(folder.resolve("theirs.par2")), folder,
                extras.stream().map(folder::resolve).toList(), options());
        if (!enough) {
            assertInstanceOf(RepairResult.NotRecoverable.class, result);
        } else if (plan.lost() == 0 && extras.isEmpty()) {
            assertInstanceOf(RepairResult.NothingToDo.class, result);
        } else {
            var repaired = assertInstanceOf(RepairResult.Repaired.class, result);
            assertEquals(plan.lost(), repaired.recoverySlices());
        }
        assertFiles(folder, enough ? plan.files() : damaged);
    }

    private void createTheirs(Plan plan, Path folder) throws Exception {
        List<String> args = new ArrayList<>(List.of(
                "create", "-q", "-q", "-t1", "-s" + plan.sliceSize(), "-c" + plan.recovery(),
                "-f" + plan.first()));
        switch (plan.scheme()) {
            case DOUBLING -> { }
            case UNIFORM -> args.addAll(List.of("-u", "-n" + volumes(plan)));
            case COUNTED -> args.add("-n" + volumes(plan));
            case LIMITED -> args.add("-l");
        }
        args.addAll(List.of("--", "theirs.par2"));
        args.addAll(plan.files().keySet());
        assertEquals(0, par2(folder, args.toArray(String[]::new)));
    }

    /** par2cmdline would make volumes of nothing if there were more of them than slices. */
    private static int volumes(Plan plan) {
        return plan.recovery() < 4 ? 1 : 3;
    }

    private static int mostSlices(Plan plan) {
        return plan.files().values().stream()
                .mapToInt(bytes -> Math.ceilDiv(bytes.length, plan.sliceSize())).max().orElse(0);
    }

    private static void createOurs(Plan plan, Path folder) throws IOException {
        Par2Creator.builder(folder.resolve("ours.par2"), folder)
                .files(plan.files().keySet().stream().map(folder::resolve).toList())
                .sliceSize(plan.sliceSize())
                .recoveryCount(plan.recovery())
                .firstExponent(plan.first())
                .volumes(switch (plan.scheme()) {
                    case DOUBLING -> new VolumeLayout.Exponential();
                    case UNIFORM -> new VolumeLayout.Uniform(volumes(plan));
                    case COUNTED -> new VolumeLayout.ExponentialIn(volumes(plan));
                    case LIMITED -> new VolumeLayout.Limited(mostSlices(plan));
                })
                .options(options())
                .build()
                .create();
    }

    private static void assertSameParity(Path folder) throws IOException {
        Par2Archive ours = Par2Archive.open(folder.resolve("ours.par2"));
        Par2Archive theirs = Par2Archive.open(folder.resolve("theirs.par2"));
        assertEquals(theirs.set().id(), ours.set().id());
        assertEquals(theirs.set().files(), ours.set().files());
        assertEquals(theirs.exponents(), ours.exponents());
        assertEquals(List.of(), theirs.problems());
        for (int e : theirs.exponents()) {
            byte[] a = new byte[(int) theirs.set().sliceSize()];
            byte[] b = a.clone();
            theirs.recovery().get(e).read(0, a, 0, a.length);
            ours.recovery().get(e).read(0, b, 0, b.length);
            assertArrayEquals(a, b, "exponent " + e);
        }
        assertEquals(volumes(folder, "theirs"), volumes(folder, "ours"));
    }

    private static List<String> volumes(Path folder, String stem) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(stem + "."))
                    .map(name -> name.substring(stem.length()))
                    .sorted()
                    .toList();
        }
    }

    /** The files with just so many slices lost: whole files first, then bytes here and there. */
    private static Map<String, byte[]> damage(Plan plan) {
        Random random = new Random(plan.number());
        Map<String, byte[]> damaged = new TreeMap<>();
        plan.files().forEach((name, bytes) -> damaged.put(name, bytes.clone()));
        int left = plan.lost();
        for (String name : plan.files().keySet()) {
            int slices = Math.ceilDiv(plan.files().get(name).length, plan.sliceSize());
            if (slices > 0 && slices <= left && random.nextBoolean()) {
                damaged.remove(name);
                left -= slices;
            }
        }
        List<String> names = new ArrayList<>(damaged.keySet());
        List<int[]> slices = new ArrayList<>();
        for (int f = 0; f < names.size(); f++) {
            int n = Math.ceilDiv(damaged.get(names.get(f)).length, plan.sliceSize());
            for (int slice = 0; slice < n; slice++) {
                slices.add(new int[] {f, slice});
            }
        }
        Collections.shuffle(slices, random);
        for (int[] slice : slices.subList(0, left)) {
            byte[] bytes = damaged.get(names.get(slice[0]));
            int from = slice[1] * plan.sliceSize();
            int end = Math.min(from + plan.sliceSize(), bytes.length);
            bytes[random.nextInt(from, end)] ^= (byte) random.nextInt(1, 256);
        }
        if (left > 0 && random.nextInt(3) == 0) {
            displace(damaged, random);
        }
        if (plan.hasRenamed()) {
            damaged.keySet().stream().filter(name -> damaged.get(name).length > 0).findFirst()
                    .ifPresent(name -> damaged.put(RENAMED, damaged.remove(name)));
        }
        return damaged;
    }

    /** Something before a file moves all its slices but loses none; an empty one has none. */
    private static void displace(Map<String, byte[]> damaged, Random random) {
        for (var file : damaged.entrySet()) {
            if (file.getValue().length == 0) {
                continue;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] before = new byte[random.nextInt(1, 50)];
            random.nextBytes(before);
            out.writeBytes(before);
            out.writeBytes(file.getValue());
            file.setValue(out.toByteArray());
        }
    }

    /** Leaves nothing in the folder but the sets and these files. */
    private static void put(Path folder, Plan plan, Map<String, byte[]> files)
            throws IOException {
        for (String name : contents(folder).keySet()) {
            if (!name.startsWith("ours.") && !name.startsWith("theirs.")) {
                Files.delete(folder.resolve(name));
            }
        }
        for (var file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    private static void assertFiles(Path folder, Map<String, byte[]> files) throws IOException {
        for (var file : files.entrySet()) {
            assertArrayEquals(
                    file.getValue(), Files.readAllBytes(folder.resolve(file.getKey())),
                    file.getKey());
        }
    }
}

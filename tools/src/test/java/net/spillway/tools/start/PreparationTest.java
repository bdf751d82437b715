package net.spillway.tools.start;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
    @TempDir
    static Path temp;

    @BeforeAll
    static void prepare() throws Exception {
        Preparation.main(new String[] {temp.toString()});
    }

    @Test
    void everyClassOfTheNewerPicocliIsAccepted() throws Exception {
        Path jar = temp.resolve("picocli.jar");
        try (ZipFile zip = new ZipFile(jar.toFile());
                URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()},
                        ClassLoader.getPlatformClassLoader())) {
            int count = 0;
            for (ZipEntry entry : zip.stream().filter(PreparationTest::isPicocli).toList()) {
                try (InputStream in = zip.getInputStream(entry)) {
                    assertTrue(ClassFile.of().parse(in.readAllBytes()).majorVersion()
                            >= ClassFile.JAVA_8_VERSION, entry.getName());
                }
                // Initialized, so verified.
                Class.forName(entry.getName().replaceFirst("\\.class$", "").replace('/', '.'),
                        true, loader);
                count++;
            }
            assertTrue(count > 100, "only " + count);
        }
    }

    private static boolean isPicocli(ZipEntry entry) {
        return entry.getName().startsWith("picocli/") && entry.getName().endsWith(".class");
    }

    @Test
    void aClassWithStackMapsStaysAsItIs() throws Exception {
        byte[] own = classFile();
        assertArrayEquals(own, NewerClasses.newer(own));
    }

    private static byte[] classFile() throws Exception {
        try (InputStream in =
                PreparationTest.class.getResourceAsStream("PreparationTest.class")) {
            return in.readAllBytes();
        }
    }

    @Test
    void theVectorsAreThereWithoutTheirModule() throws Exception {
        try (ZipFile zip = new ZipFile(temp.resolve("vectors.jar").toFile())) {
            assertNotNull(zip.getEntry("jdk/incubator/vector/ByteVector.class"));
            assertNull(zip.getEntry("module-info.class"));
        }
    }

    @Test
    void whoeverPreparesTheSameAgainWritesTheSame(@TempDir Path other) throws Exception {
        Preparation.main(new String[] {other.toString()});
        for (String jar : List.of("vectors.jar", "picocli.jar")) {
            assertEquals(-1, Files.mismatch(temp.resolve(jar), other.resolve(jar)), jar);
            assertEquals(Files.getLastModifiedTime(temp.resolve(jar)),
                    Files.getLastModifiedTime(other.resolve(jar)), jar);
        }
        try (var files = Files.list(other)) {
            assertEquals(2, files.count(), "drafts are left");
        }
    }
}

package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks are not part of the build, but what they call is: they must not fall behind it. */
class BenchmarksTest {
    @TempDir
    Path classes;

    @Test
    void everyBenchmarkCompiles() throws IOException {
        List<Path> sources = sources(Program.root().resolve("it/benchmarks"));
        assertFalse(sources.isEmpty());
        List<String> options = List.of("-d", classes.toString(), "-proc:none", "-nowarn",
                "--add-modules", "jdk.incubator.vector");
        StringWriter said = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            assertTrue(compiler.getTask(said, files, null, options, null,
                    files.getJavaFileObjectsFromPaths(sources)).call(), said::toString);
        }
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")
                    && !file.toString().contains("/target/")).toList();
        }
    }
}

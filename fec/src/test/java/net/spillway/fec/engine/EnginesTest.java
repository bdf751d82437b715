package net.spillway.fec.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnginesTest {
    /** What the other JVM runs. */
    public static final class PrintBest {
        /** Prints the name of the best engine, or why there is none. */
        public static void main(String[] args) {
            try {
                System.out.println(Engines.best().name());
            } catch (IllegalStateException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    @Test
    void jvmWithoutTheVectorModuleGetsThePortableEngine() throws Exception {
        assertEquals("portable", bestIn());
    }

    @Test
    void jvmWithTheVectorModuleGetsTheVectorEngineUnlessToldOtherwise() throws Exception {
        String module = "--add-modules=jdk.incubator.vector";
        assertEquals("vector", bestIn(module));
        assertEquals("portable", bestIn(module, "-D" + Engines.PROPERTY + "=portable"));
    }

    @Test
    void vectorEngineThatIsWantedButCannotWorkSaysWhatToDo() throws Exception {
        String said = bestIn("-D" + Engines.PROPERTY + "=vector");
        assertTrue(said.contains("--add-modules jdk.incubator.vector"), said);
    }

    @Test
    void unknownEngineIsRefusedByName() {
        var e = assertThrows(IllegalArgumentException.class, () -> Engines.named("warp"));
        assertTrue(e.getMessage().contains("warp"));
    }

    private static String bestIn(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(PrintBest.class.getName());
        Process process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String out =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return out.strip();
    }
}

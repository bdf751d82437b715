package net.spillway.tools.start;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * Writes what the launcher starts commands with besides the program's own jars, into the folder
 * that is its argument:
 *
 * <ul>
 *   <li>{@value #VECTORS}, the classes of the JDK's incubating module of vectors. With that module
 *       itself the JVM archives neither its modules nor linked classes, and prints a warning; from
 *       the end of the boot class path the same classes do without both.
 *   <li>{@value #PICOCLI}, picocli in class files of a newer version.
 * </ul>
 */
public final class Preparation {
    private static final String VECTORS = "vectors.jar";
    private static final String PICOCLI = "picocli.jar";

    private Preparation() {}

    public static void main(String[] args) throws IOException, URISyntaxException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        ModuleCopy.write("jdk.incubator.vector", folder.resolve(VECTORS));
        Path picocli = Path.of(
                CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        NewerClasses.write(picocli, folder.resolve(PICOCLI));
    }
}

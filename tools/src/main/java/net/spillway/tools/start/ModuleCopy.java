package net.spillway.tools.start;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A module of this JDK as a jar without a module. */
final class ModuleCopy {
    private static final String DESCRIPTOR = "module-info.class";

    private ModuleCopy() {}

    static void write(String module, Path jar) throws IOException {
        Path image = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", module);
        List<Path> files;
        try (Stream<Path> tree = Files.walk(image)) {
            files = tree.filter(Files::isRegularFile).sorted().toList();
        }
        try (JarFileWriter copy = new JarFileWriter(jar)) {
            for (Path file : files) {
                String name = image.relativize(file).toString();
                if (!name.equals(DESCRIPTOR)) {
                    copy.add(name, Files.readAllBytes(file));
                }
            }
            copy.finish(Files.getLastModifiedTime(image.resolve(DESCRIPTOR)));
        }
    }
}

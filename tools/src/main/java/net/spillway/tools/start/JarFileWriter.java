package net.spillway.tools.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a jar that is the same, its time included, whoever writes it of the same source: the JVM
 * takes an archive of classes only with the jars that it was made of, and two first uses may write
 * at the same time.
 */
final class JarFileWriter implements AutoCloseable {
    private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

    private final Path jar;
    private final Path draft;
    private final ZipOutputStream out;

    JarFileWriter(Path jar) throws IOException {
        this.jar = jar;
        draft = jar.resolveSibling(jar.getFileName() + "." + ProcessHandle.current().pid());
        out = new ZipOutputStream(Files.newOutputStream(draft));
    }

    void add(String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    /** Nothing more comes; gives the jar its name, and the time of what it was made of. */
    void finish(FileTime time) throws IOException {
        out.close();
        Files.setLastModifiedTime(draft, time);
        Files.move(draft, jar, StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(draft);
    }
}

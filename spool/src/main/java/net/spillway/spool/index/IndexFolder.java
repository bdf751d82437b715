package net.spillway.spool.index;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The files of an index, where they are to be put out of the way. */
public final class IndexFolder {
    private static final String ASIDE = ".damaged";
    private static final String SQL_FILES = "spool.";
    private static final String HISTORY_FILES = "history.";

    private IndexFolder() {}

    /** Renames the files of database and history; older ones that were set aside go. */
    public static void setAsideAll(Path folder) throws IOException {
        setAside(folder, List.of(SQL_FILES, HISTORY_FILES));
    }

    /** Renames the files of the database alone. */
    public static void setAsideSql(Path folder) throws IOException {
        setAside(folder, List.of(SQL_FILES));
    }

    private static void setAside(Path folder, List<String> beginnings) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.endsWith(ASIDE) && beginnings.stream().anyMatch(name::startsWith)) {
                    found.add(entry);
                }
            }
        }
        for (Path file : found) {
            Files.move(file, file.resolveSibling(file.getFileName() + ASIDE),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}

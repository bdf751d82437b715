package net.spillway.spool.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.spillway.spool.file.FileLayer;

/** The files of an index, where they are to be put out of the way. */
public final class IndexFolder {
    private static final String ASIDE = ".damaged";
    private static final String SQL_FILES = "spool.";
    private static final String HISTORY_FILES = "history.";

    private IndexFolder() {}

    /** Renames the files of database and history; older ones that were set aside go. */
    public static void setAsideAll(FileLayer files, Path folder) throws IOException {
        setAside(files, folder, List.of(SQL_FILES, HISTORY_FILES));
    }

    /** Renames the files of the database alone. */
    public static void setAsideSql(FileLayer files, Path folder) throws IOException {
        setAside(files, folder, List.of(SQL_FILES));
    }

    /** Deletes what was set aside: once the index opens well again nobody needs it. */
    public static void removeSetAside(FileLayer files, Path folder) throws IOException {
        for (Path file : files.list(folder)) {
            if (file.getFileName().toString().endsWith(ASIDE)) {
                files.delete(file);
            }
        }
    }

    private static void setAside(FileLayer files, Path folder, List<String> beginnings)
            throws IOException {
        for (Path file : files.list(folder)) {
            String name = file.getFileName().toString();
            if (!name.endsWith(ASIDE) && beginnings.stream().anyMatch(name::startsWith)) {
                files.rename(file, file.resolveSibling(name + ASIDE));
            }
        }
    }
}

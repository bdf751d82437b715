package net.spillway.tools;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What went wrong with a file, in words; some of the JDK's messages are a bare file name. */
public final class Explanation {
    private Explanation() {}

    /** The same failure, which says what file it is about; a full disk does not by itself. */
    public static IOException about(Path file, IOException e) {
        return e instanceof FileSystemException f && f.getFile() != null ? e
                : (IOException) new FileSystemException(file.toString(), null, of(e)).initCause(e);
    }

    /** Such as {@code /a/b: access denied}; never the name of a class if it can be helped. */
    public static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException f -> f.getFile() + ": there is no such file or folder";
            case AccessDeniedException f -> f.getFile() + ": access denied";
            case FileAlreadyExistsException f -> f.getFile() + ": exists already";
            case NotDirectoryException f -> f.getFile() + ": this is no folder";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}

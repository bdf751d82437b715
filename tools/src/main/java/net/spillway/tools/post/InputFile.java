package net.spillway.tools.post;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;

/**
 * A file to be posted, as it was when the input was checked.
 *
 * @param path where it lies
 * @param name what it will be called: relative, separated by {@code /}
 * @param length octets
 * @param modified when it was last written to
 */
record InputFile(Path path, String name, long length, FileTime modified) {
    static InputFile of(Path path, String name) throws IOException {
        BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
        return new InputFile(path, name, is.size(), is.lastModifiedTime());
    }

    /** Fails if the file is no longer what it was. */
    void requireUnchanged() throws IOException {
        BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
        if (is.size() != length || !is.lastModifiedTime().equals(modified)) {
            throw changed();
        }
    }

    CommandFailure changed() {
        return new CommandFailure(ExitCode.FAILED,
                path + " changed while it was being posted; no manifest was written. Post it again"
                        + " with --restart when nothing writes to it.", null,
                Map.of("differs", true));
    }
}

package net.spillway.relay.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Gives a new file to whom its folder belongs. An administrator makes it, as root, and the relay
 * that has to read it runs as a user of its own, in a folder of its own.
 */
final class FolderOwner {
    private FolderOwner() {
    }

    /** Only root may give a file away; for others it stays as it is. */
    static void take(Path file, Path folder) {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try {
            Object group = Files.getAttribute(folder, "posix:group");
            if (!Files.getOwner(file).equals(Files.getOwner(folder))) {
                Files.setOwner(file, Files.getOwner(folder));
                Files.setAttribute(file, "posix:group", group);
            }
        } catch (IOException notRoot) {
            return; // A folder such as /tmp is root's, and the file is ours as it should be.
        }
    }
}

package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;

/** A file that parity is made for, as it was when work began. */
record SourceFile(Path path, StoredName name, long length, FileTime modified, Hash16 id) {
    /**
     * As it is now.
     *
     * @param folder {@code base}, which no link on the way may lead out of: nobody would repair it
     */
    static SourceFile of(SafeFolder folder, Path base, Path file) throws IOException {
        Path root = base.toAbsolutePath().normalize();
        Path path = file.toAbsolutePath().normalize();
        if (!path.startsWith(root) || path.equals(root)) {
            throw new Par2Exception(
                    Par2Exception.Kind.BAD_REQUEST, file + " is not inside the folder " + base);
        }
        if (!Files.isRegularFile(path)) {
            throw new Par2Exception(
                    Par2Exception.Kind.BAD_REQUEST, file + " is not there, or not a file");
        }
        StoredName name = StoredName.of(root, path);
        SafeNames.check(name);
        if (!folder.holds(path)) {
            throw SafeNames.unsafe(name.text(), "a link on the way leads out of the folder " + base
                    + ", and nothing would be repaired there; its real path is "
                    + path.toRealPath());
        }
        long length = Files.size(path);
        Hash16 id = Par2SetBuilder.fileId(FileDigests.head(path), length, name);
        return new SourceFile(path, name, length, Files.getLastModifiedTime(path), id);
    }

    void checkUnchanged() throws IOException {
        boolean same =
                Files.isRegularFile(path)
                        && Files.size(path) == length
                        && Files.getLastModifiedTime(path).equals(modified);
        if (!same) {
            throw changed();
        }
    }

    Par2Exception changed() {
        return new Par2Exception(
                Par2Exception.Kind.CHANGED,
                path + " changed while parity was made for it; try again");
    }
}

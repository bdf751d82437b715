package net.spillway.tools.post;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.nzb.RelativeName;

/**
 * Finds what files and folders contain, and refuses what could not be fetched again: names that a
 * fetch would not write, two files of one name, devices. A folder goes by its own name, with its
 * tree below. Links to files are followed, links to folders below a folder are not.
 */
final class InputTree {
    private final List<InputFile> files = new ArrayList<>();
    private final List<String> folders = new ArrayList<>();
    private final List<Path> linkedFolders = new ArrayList<>();
    private final Map<String, Path> names = new HashMap<>();

    /**
     * What there is to post.
     *
     * @param files folder by folder, in the order of their names
     * @param folders that have nothing in them, by their names with {@code /}
     * @param linkedFolders links to folders, which are left out unless they are named themselves
     */
    record Found(List<InputFile> files, List<String> folders, List<Path> linkedFolders) {}

    private InputTree() {}

    /**
     * All there is.
     *
     * @param piped a file that holds what came through a pipe, and its name
     */
    static Found of(List<Path> inputs, Map<Path, String> piped) {
        InputTree tree = new InputTree();
        piped.forEach(tree::addPiped);
        for (Path input : inputs) {
            try {
                tree.add(input);
            } catch (NoSuchFileException e) {
                throw new CommandFailure(ExitCode.USAGE, e.getFile()
                        + ": there is no such file or folder. Nothing was posted.");
            } catch (IOException e) {
                throw failure(input + " cannot be read: " + e.getMessage());
            }
        }
        if (tree.files.isEmpty()) {
            throw failure("There is no file to post");
        }
        return new Found(List.copyOf(tree.files), List.copyOf(tree.folders),
                List.copyOf(tree.linkedFolders));
    }

    private void addPiped(Path file, String name) {
        try {
            add(file, name);
        } catch (IOException e) {
            throw failure(file + " cannot be read: " + e.getMessage());
        }
    }

    /** What a file or folder given on the command line is called. */
    static String nameOf(Path input) {
        Path name = input.toAbsolutePath().normalize().getFileName();
        if (name == null) {
            throw failure(input + " has no name; post the folders in it");
        }
        return name.toString();
    }

    private void add(Path input) throws IOException {
        String name = nameOf(input);
        if (Files.isDirectory(input)) {
            // What is named may be a link; those in it are not followed.
            Path folder = Files.isSymbolicLink(input) ? input.toRealPath() : input;
            Files.walkFileTree(folder, new Walk(folder, name));
        } else {
            add(input, name);
        }
    }

    private void add(Path file, String name) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw failure(file + " is no ordinary file");
        }
        if (!Files.isReadable(file)) {
            throw failure(file + " may not be read");
        }
        requireGood(name);
        Path other = names.putIfAbsent(name, file);
        if (other != null) {
            throw failure(other + " and " + file + " would have the same name, " + name);
        }
        files.add(InputFile.of(file, name));
    }

    private static void requireGood(String name) {
        Optional<String> problem = RelativeName.problem(name);
        if (problem.isPresent()) {
            throw failure("The name \"" + RelativeName.shown(name) + "\" " + problem.get()
                    + "; no fetch would write such a file. Rename it");
        }
    }

    private static CommandFailure failure(String what) {
        return new CommandFailure(ExitCode.FAILED, what + ". Nothing was posted.");
    }

    private final class Walk extends SimpleFileVisitor<Path> {
        private final Path root;
        private final String rootName;
        private final List<Path> found = new ArrayList<>();

        Walk(Path root, String rootName) {
            this.root = root;
            this.rootName = rootName;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
            boolean linked = is.isSymbolicLink() && Files.isDirectory(file);
            (linked ? linkedFolders : found).add(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            if (e != null) {
                throw e;
            }
            if (isEmpty(folder)) {
                String name = folder.equals(root) ? rootName
                        : rootName + "/" + slashed(root.relativize(folder));
                requireGood(name);
                folders.add(name);
            }
            if (folder.equals(root)) {
                found.sort(null);
                for (Path file : found) {
                    add(file, rootName + "/" + slashed(root.relativize(file)));
                }
            }
            return FileVisitResult.CONTINUE;
        }

        private static boolean isEmpty(Path folder) throws IOException {
            try (Stream<Path> entries = Files.list(folder)) {
                return entries.findAny().isEmpty();
            }
        }

        private String slashed(Path relative) {
            List<String> parts = new ArrayList<>();
            relative.forEach(part -> parts.add(part.toString()));
            return String.join("/", parts);
        }
    }
}

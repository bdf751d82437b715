package net.spillway.tools.post;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.spillway.fec.SafeNames;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.nzb.RelativeName;
import net.spillway.tools.progress.Figures;

/**
 * Finds what files and folders contain, and refuses what could not be fetched again: names that a
 * fetch would not write, two files of one name, devices. A folder goes by its own name, with its
 * tree below. Links to files are followed, links to folders below a folder are not.
 */
final class InputTree {
    private static final int MOST_TOLD = 20;
    /** What the JDK makes of octets that are no text. */
    private static final char REPLACED = '\ufffd';

    private final List<InputFile> files = new ArrayList<>();
    private final List<String> folders = new ArrayList<>();
    private final List<Path> linkedFolders = new ArrayList<>();
    private final Map<String, Path> names = new HashMap<>();
    /** What cannot be posted, and why: told all at once. */
    private final List<String> problems = new ArrayList<>();
    /** Whether all of these are about what was named and is not there. */
    private boolean onlyMisnamed = true;

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
            } catch (IOException e) {
                tree.refuse(input, e);
            }
        }
        tree.requireAllGood();
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
            refuse(file, e);
        }
    }

    private void refuse(String problem) {
        problems.add(problem);
        onlyMisnamed = false;
    }

    private void refuse(Path file, IOException e) {
        refuse(e instanceof AccessDeniedException ? file + " may not be read"
                : file + " cannot be read: " + e.getMessage());
    }

    private void requireAllGood() {
        if (problems.isEmpty()) {
            return;
        }
        String what = problems.getFirst();
        if (problems.size() > 1) {
            int more = problems.size() - MOST_TOLD;
            what = "These cannot be posted:\n  "
                    + String.join("\n  ", problems.subList(0, Math.min(MOST_TOLD, problems.size())))
                    + (more > 0 ? "\n  and " + Figures.count(more) + " more" : "") + "\nPost the"
                    + " others by name, or from a folder without these";
        }
        throw new CommandFailure(onlyMisnamed ? ExitCode.USAGE : ExitCode.FAILED,
                what + ". Nothing was posted.", null, Map.of("refused", problems));
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
        if (input.toString().isEmpty()) {
            problems.add("\"\": this is the name of no file"); // Not what the JDK takes it for.
            return;
        }
        String name = nameOf(input);
        if (Files.isDirectory(input)) {
            // What is named may be a link; those in it are not followed.
            Path folder = Files.isSymbolicLink(input) ? input.toRealPath() : input;
            Files.walkFileTree(folder, new Walk(folder, name));
        } else if (Files.exists(input, LinkOption.NOFOLLOW_LINKS)) {
            add(input, name);
        } else {
            problems.add(input + ": there is no such file or folder"
                    + (name.indexOf(REPLACED) < 0 ? "" : " (or its name is not "
                            + System.getProperty("sun.jnu.encoding") + ": rename it)"));
        }
    }

    private void add(Path file, String name) throws IOException {
        Optional<String> problem = problem(file).or(() -> problem(name))
                .or(() -> notText(file));
        if (problem.isPresent()) {
            refuse(problem.get());
            return;
        }
        Path other = names.putIfAbsent(name, file);
        if (other != null) {
            refuse(other + " and " + file + " would have the same name, " + name);
            return;
        }
        files.add(InputFile.of(file, name));
    }

    private static Optional<String> problem(Path file) {
        String problem = null;
        if (!Files.exists(file)) {
            problem = Files.isSymbolicLink(file) ? " is a link to nothing" : " is gone";
        } else if (!Files.isRegularFile(file)) {
            problem = " is no ordinary file";
        } else if (!Files.isReadable(file)) {
            problem = " may not be read";
        }
        return Optional.ofNullable(problem)
                .map(words -> RelativeName.shown(file.toString()) + words);
    }

    /** Under another name it would come back. */
    private static Optional<String> notText(Path file) {
        try {
            SafeNames.checkIsText(file);
            return Optional.empty();
        } catch (Par2Exception e) {
            return Optional.of(e.getMessage() + ". Rename it");
        }
    }

    private static Optional<String> problem(String name) {
        return RelativeName.problem(name).map(words -> "The name \"" + RelativeName.shown(name)
                + "\" " + words + "; no fetch would write such a file. Rename it");
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
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            refuse(file, e);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            if (e != null) {
                refuse(folder, e);
                return FileVisitResult.CONTINUE;
            }
            if (isEmpty(folder)) {
                String name = folder.equals(root) ? rootName
                        : rootName + "/" + slashed(root.relativize(folder));
                problem(name).ifPresentOrElse(InputTree.this::refuse, () -> folders.add(name));
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

package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import net.spillway.fec.SafeNames;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.RelativeName;

/**
 * Gives files their final names below the output folder. A name that would lead anywhere else is
 * refused, and so is the second file of one name, unless it is given another ({@link #free}) before
 * that; the other files are none the worse for it, but
 * the fetch ends as failed. A file that is there already is kept if it has the same contents, and
 * replaced only if that is wished; a folder never is.
 */
final class Placement {
    private static final String WHAT_IS_KEPT = "what is kept";
    private static final int MOST_NAMED = 20;

    private final Path output;
    private final boolean overwrite;
    private boolean replacing;
    private final Map<String, String> taken = new HashMap<>();
    private final List<String> refusals = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    private final List<Path> folders = new ArrayList<>();
    private final Map<Path, Optional<Path>> waysOut = new HashMap<>();

    private record Move(Path from, Path to, long length, FetchResult.How how) {}

    Placement(Path output, boolean overwrite) {
        this.output = output;
        this.overwrite = overwrite;
        this.replacing = overwrite;
    }

    /** From now on nothing is replaced, also if it is wished: not all is whole. */
    void replaceNothing() {
        replacing = false;
    }

    /** What was refused, each with its name, where that stands, and why. */
    List<String> refusals() {
        return refusals;
    }

    /**
     * The place of a file of that name; empty if the name is refused.
     *
     * @param where in what the name stands, for the message
     */
    Optional<Path> resolve(String name, String where) {
        Optional<String> problem = RelativeName.problem(name);
        if (problem.isPresent()) {
            return refuse(name, where, problem.get());
        }
        try {
            Path path = SafeNames.resolve(output, name);
            String other = taken.putIfAbsent(name, where);
            return other == null ? Optional.of(path)
                    : refuse(name, where, "is the name of another file too");
        } catch (Par2Exception e) {
            return refuse(name, where, "cannot be used: " + e.getMessage());
        } catch (IOException e) {
            return refuse(name, where, "cannot be used here: " + e);
        }
    }

    /** Where on the way to a file of that name a link leads out of the folder, if one does. */
    Optional<Path> wayOut(String name) {
        Optional<Path> parent = RelativeName.below(output, name).map(Path::getParent);
        return parent.flatMap(folder -> waysOut.computeIfAbsent(folder, this::wayOut));
    }

    private Optional<Path> wayOut(Path folder) {
        Path there = folder;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        try {
            return Files.exists(output) && !there.toRealPath().startsWith(output.toRealPath())
                    ? Optional.of(there) : Optional.empty();
        } catch (IOException e) {
            return Optional.of(there); // A link to nothing.
        }
    }

    /** That name, or, if another file has it, one with a number before its ending. */
    String free(String name) {
        int base = name.length() - RelativeName.base(name).length();
        int dot = name.lastIndexOf('.');
        int end = dot > base ? dot : name.length();
        String free = name;
        for (int n = 1; taken.containsKey(free); n++) {
            free = name.substring(0, end) + "." + n + name.substring(end);
        }
        return free;
    }

    private Optional<Path> refuse(String name, String where, String why) {
        refusals.add("the file name \"" + RelativeName.shown(name) + "\" in " + where + " " + why);
        return Optional.empty();
    }

    /**
     * Whether the file that a note is about is there.
     *
     * @param read hears how many octets were read to find out
     */
    static boolean isThere(Path path, FileNote note, LongConsumer read) throws IOException {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && Files.size(path) == note.length() && FileProof.isRight(path, note, read);
    }

    /** What to say of things that have the names of others; at least one. */
    CommandFailure exist(List<Path> paths) {
        boolean one = paths.size() == 1;
        String names = paths.stream().limit(MOST_NAMED).map(Path::toString)
                .collect(Collectors.joining(", ")) + (paths.size() > MOST_NAMED
                        ? " and " + (paths.size() - MOST_NAMED) + " more" : "");
        return new CommandFailure(ExitCode.FAILED, names + (one ? " exists" : " exist")
                + " already, with other contents, and " + (one ? "is" : "are") + " not replaced."
                + " Move " + (one ? "it" : "them") + " away" + (overwrite
                        ? " or choose another folder with -o."
                        : ", choose another folder with -o, or have files replaced with"
                                + " --overwrite."));
    }

    private CommandFailure exists(Path path) {
        return exist(List.of(path));
    }

    /**
     * The place of a file that is not whole. One of an earlier fetch that has that name stays,
     * since it may have been less broken: then a number is added.
     */
    Optional<Path> resolveBroken(String name, Path contents) throws IOException {
        String free = name;
        for (int n = 2; ; n++) {
            if (!taken.containsKey(free)) { // Else another file that is kept has it.
                Optional<Path> path = resolve(free, WHAT_IS_KEPT);
                if (path.isEmpty() || !isTaken(path.get(), contents)) {
                    return path;
                }
            }
            free = name + "." + n;
        }
    }

    private static boolean isTaken(Path path, Path contents) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && !(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        && Files.mismatch(contents, path) < 0);
    }

    /** A file to be moved to its place when all are whole. */
    void add(Path from, Path to, long length, FetchResult.How how) {
        moves.add(new Move(from, to, length, how));
    }

    /** A folder to be made when all are whole. */
    void addFolder(Path folder) {
        folders.add(folder);
    }

    /** Moves all files, or none if anything is in the way. */
    List<FetchResult.FetchedFile> carryOut() throws IOException {
        List<FetchResult.FetchedFile> files = new ArrayList<>();
        List<Move> needed = new ArrayList<>();
        for (Move move : moves) {
            boolean kept = move.how() == FetchResult.How.KEPT
                    || isThere(move.to(), move.from(), move.length());
            FetchResult.How how = kept ? FetchResult.How.KEPT : move.how();
            files.add(new FetchResult.FetchedFile(move.to(), move.length(), how));
            if (!kept) {
                needed.add(move);
            }
        }
        for (Path folder : folders) {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) {
                throw exists(folder);
            }
        }
        for (Move move : needed) {
            Files.createDirectories(move.to().getParent());
        }
        for (Path folder : folders) {
            Files.createDirectories(folder);
        }
        for (Move move : needed) {
            try {
                if (replacing && !isInTheWay(move.to())) {
                    Files.move(move.from(), move.to(), StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.move(move.from(), move.to());
                }
            } catch (FileAlreadyExistsException e) {
                throw exists(move.to());
            }
        }
        return files;
    }

    /** Whether what is there has to stay. */
    boolean isInTheWay(Path there) {
        return Files.exists(there, LinkOption.NOFOLLOW_LINKS)
                && (!replacing || Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS));
    }

    private boolean isThere(Path to, Path from, long length) throws IOException {
        if (!Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (Files.isRegularFile(to, LinkOption.NOFOLLOW_LINKS) && Files.mismatch(from, to) < 0) {
            return true;
        }
        if (isInTheWay(to)) {
            throw exists(to);
        }
        return false;
    }
}

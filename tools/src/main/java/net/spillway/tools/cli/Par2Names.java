package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.function.Predicate;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Names of files behind the first one are names, also those that look like options, as with
 * par2cmdline: {@code *} must not be read as an order to remove something. Options may stand behind
 * names all the same if there is no such file.
 */
final class Par2Names implements IParameterPreprocessor {
    /** What Java puts where bytes are no text. */
    private static final char REPLACED = '\ufffd';

    @Override
    public boolean preprocess(Stack<String> left, CommandSpec command, ArgSpec argument,
            Map<String, Object> info) {
        keepNames(left, Par2Names::isFile);
        return false; // Whatever they are, picocli has yet to read them.
    }

    /** Writes those that name files so that they cannot be taken for options. */
    static void keepNames(List<String> words, Predicate<String> isFile) {
        words.replaceAll(word -> word.startsWith("-") && isFile.test(word) ? "./" + word : word);
    }

    /**
     * The files that a path from the command line means. A name whose bytes are no text in the
     * system's character set has come without them, but its folder still has it: then these are the
     * files there that look the same. Nothing if there are none either.
     */
    static List<Path> onDisk(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return List.of(path);
        }
        Path folder = path.toAbsolutePath().getParent();
        if (!isIncomplete(path) || !Files.isDirectory(folder)) {
            return List.of();
        }
        String name = path.getFileName().toString();
        List<Path> same = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().equals(name)) {
                    same.add(path.resolveSibling(entry.getFileName()));
                }
            }
        }
        Collections.sort(same);
        return same;
    }

    /** Whether bytes of a name were lost before it came here. */
    static boolean isIncomplete(Path path) {
        return path.toString().indexOf(REPLACED) >= 0;
    }

    private static boolean isFile(String word) {
        try {
            return Files.exists(Path.of(word), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}

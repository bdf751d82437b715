package net.spillway.tools.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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

    private static boolean isFile(String word) {
        try {
            return Files.exists(Path.of(word), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}

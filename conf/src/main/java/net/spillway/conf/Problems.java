package net.spillway.conf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.tomlj.TomlPosition;

/** Collects what is wrong with one file, so that all of it is told at once. */
final class Problems {
    /** Enough for anybody to start with; a file that is not TOML at all could have thousands. */
    private static final int MAX = 200;

    private final Path file;
    private final List<ConfigProblem> problems = new ArrayList<>();

    Problems(Path file) {
        this.file = file;
    }

    /** A problem at a place; without a place (null, as tomlj has it) it is the file's. */
    void add(TomlPosition place, String key, String what, String whatToDo) {
        if (problems.size() < MAX) {
            problems.add(new ConfigProblem(file, place == null ? 0 : place.line(),
                    place == null ? 0 : place.column(), key, what, whatToDo));
        }
    }

    /** A problem of the file as a whole. */
    void add(String what, String whatToDo) {
        add(null, "", what, whatToDo);
    }

    /** Throws if there is anything to tell. */
    void throwIfAny() throws ConfigException {
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(ConfigProblem::line)
                    .thenComparingInt(ConfigProblem::column));
            throw new ConfigException(problems);
        }
    }
}

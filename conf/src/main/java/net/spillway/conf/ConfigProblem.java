package net.spillway.conf;

import java.nio.file.Path;

/**
 * One mistake in a configuration file.
 *
 * @param file the file
 * @param line from 1 on; 0: the file as a whole
 * @param column from 1 on; 0: the file as a whole
 * @param key such as {@code peer[2].send}; empty: no key in particular
 * @param what what is wrong
 * @param whatToDo how to put it right
 */
public record ConfigProblem(
        Path file, int line, int column, String key, String what, String whatToDo) {

    /** One line in the manner of compilers: {@code FILE:LINE:COLUMN: KEY: WHAT; WHAT TO DO}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        text.append(": ");
        if (!key.isEmpty()) {
            text.append(key).append(": ");
        }
        text.append(what);
        if (!whatToDo.isEmpty()) {
            text.append("; ").append(whatToDo);
        }
        return text.toString();
    }
}

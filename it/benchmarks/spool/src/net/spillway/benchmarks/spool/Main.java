package net.spillway.benchmarks.spool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import net.spillway.conf.ByteSize;
import net.spillway.conf.FsyncMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads the command line, and runs the course. */
@Command(
        name = "it/benchmarks/spool/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Stores articles with bodies of a few octets in a new spool, and prints after every"
                    + " step what storing, looking up and overview cost, and what memory and disk"
                    + " it takes. Then it stops the spool, starts it again, and drops the oldest"
                    + " tenth; with --rebuild it then starts once more without an index.",
            "It runs with a heap of 1 GiB; BENCHMARK_HEAP=2g gives another."
        })
public final class Main implements Callable<Integer> {
    @Option(names = "--articles", paramLabel = "N", defaultValue = "1000000",
            description = "How many to store; default ${DEFAULT-VALUE}.")
    private int articles;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "10",
            description = "Lines of the table; default ${DEFAULT-VALUE}.")
    private int steps;

    @Option(names = "--groups", paramLabel = "N", defaultValue = "100",
            description = "Groups the articles are filed in; default ${DEFAULT-VALUE}.")
    private int groups;

    @Option(names = "--body", paramLabel = "SIZE", defaultValue = "16",
            description = "Octets of a body; default ${DEFAULT-VALUE}.")
    private String body;

    @Option(names = "--segment", paramLabel = "SIZE", defaultValue = "64M",
            description = "Size of segments; default ${DEFAULT-VALUE}.")
    private String segment;

    @Option(names = "--fsync", paramLabel = "MODE", defaultValue = "group",
            description = "As in the configuration; default ${DEFAULT-VALUE}.")
    private String fsync;

    @Option(names = "--rebuild",
            description = "Also measure a start without an index: the most that one can take.")
    private boolean rebuild;

    @Option(names = "--dir", paramLabel = "DIR",
            description = "Where the spool is made, and deleted in the end; default: in the"
                    + " system's folder for temporary files.")
    private Path dir;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path parent = dir == null ? Path.of(System.getProperty("java.io.tmpdir")) : dir;
        Path home = Files.createTempDirectory(parent, "spool-benchmark");
        Machine.describe(home);
        var articlesOf = new Articles(groups, (int) ByteSize.parse(body).bytes(), articles);
        try (var course = new Course(home, articlesOf, ByteSize.parse(segment).bytes(),
                FsyncMode.parse(fsync))) {
            course.grow(articles, steps);
            course.restart();
            course.drop();
            if (rebuild) {
                course.rebuild();
            }
        }
        return 0;
    }
}

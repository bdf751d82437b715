package net.spillway.tools.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.spillway.conf.ByteSize;
import net.spillway.conf.HostPort;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.PostResult;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway post}. */
@Command(
        name = "post",
        description = {
            "Post files and folder trees with parity.",
            "The manifest (NZB) that 'spillway fetch' and other programs need is written last."})
final class PostCommand implements Callable<Integer>, OutputOptions.Has {
    @Parameters(arity = "1..*", paramLabel = "FILE|DIR", description =
            "What to post. A folder is posted with its tree, under its own name.")
    private List<Path> inputs;

    @Option(names = "--to", required = true, split = ",", paramLabel = "HOST:PORT", description = {
        "Where to, the preferred server first; the others take over when it fails.",
        "HOST:PORT, nntp://HOST:PORT or nntps://HOST:PORT."})
    private List<HostPort> to;

    @Option(names = "--group", required = true, split = ",", paramLabel = "GROUP",
            description = "The newsgroups to post to.")
    private List<String> groups;

    @Option(names = "--redundancy", paramLabel = "PERCENT", defaultValue = "10%",
            description = "Parity in proportion to the data (${DEFAULT-VALUE}).")
    private Percentage redundancy;

    @Option(names = "--part-size", paramLabel = "SIZE", defaultValue = "700K", description = {
        "How much an article carries at most, 1K to 4M (${DEFAULT-VALUE}; K = 1024).",
        "The article is some 3 %% larger, and servers have a limit: a Spillway relay takes articles"
                + " of 2M unless it is told otherwise, so there 1900K is the most."})
    private ByteSize partSize;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "4",
            description = "Connections to keep busy, 1 to 64 (${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--nzb", paramLabel = "OUT.nzb", description =
            "Where the manifest goes; otherwise into the working directory, named after the files.")
    private Path nzb;

    @Option(names = "--from", paramLabel = "ADDR", description =
            "The From header, such as \"Ann <ann@example.org>\".")
    private String from;

    @Option(names = {"-m", "--memory"}, paramLabel = "MB", description = {
        "Memory for computing parity, in MiB (a quarter of what Java may use).",
        "With too little for all recovery slices, the files are read more than once."})
    private Integer memory;

    @Mixin private ConnectionOptions connection;
    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() throws InterruptedException {
        PostResult result;
        try (TerminalProgress progress = output.progress()) {
            result = new Poster(request(progress), progress).post();
        }
        return output.print(spec.commandLine().getOut(), ExitCode.DONE, result, describe(result));
    }

    private PostRequest request(TerminalProgress progress) {
        if (partSize.bytes() < PostRequest.MIN_PART_SIZE
                || partSize.bytes() > PostRequest.MAX_PART_SIZE) {
            throw new CommandFailure(ExitCode.USAGE,
                    "--part-size " + partSize + " is not between "
                            + new ByteSize(PostRequest.MIN_PART_SIZE) + " and "
                            + new ByteSize(PostRequest.MAX_PART_SIZE) + ".");
        }
        PostRequest request = PostRequest.of(inputs, connection.resolve(to, progress), groups)
                .withRedundancy(redundancy.value() / 100)
                .withPartSize((int) partSize.bytes())
                .withConnections(Checks.connections(connections, PostRequest.MAX_CONNECTIONS));
        request = nzb == null ? request : request.withNzb(nzb);
        if (memory != null) {
            request = request.withParityMemory(
                    (long) Checks.inRange("-m", memory, 1, 1 << 20) << 20);
        }
        return from == null ? request : request.withFrom(from);
    }

    static String describe(PostResult result) {
        return String.format(
                "posted %s, %s and %s of parity, as %s in %s (%s)%nmanifest: %s",
                Figures.count(result.files(), "file"), Figures.bytes(result.bytes()),
                Figures.bytes(result.parityBytes()), Figures.count(result.articles(), "article"),
                Figures.duration(result.elapsed()), Figures.rate(result.bytes(), result.elapsed()),
                result.nzb());
    }
}

package net.spillway.tools.cli;

import java.nio.file.Path;
import java.time.Duration;
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
            "The manifest (NZB) that 'spillway fetch' and other programs need is written last.",
            "Beside it stands meanwhile what has been done (OUT.nzb.posting): should the post break"
                    + " off, however that happens, the same command goes on from there. What had been"
                    + " posted is read again only for parity that had not been computed."})
final class PostCommand implements Callable<Integer>, OutputOptions.Has {
    private static final long LEAST_RATE = 1024;

    @Parameters(arity = "1..*", paramLabel = "FILE|DIR", description =
            "What to post. A folder is posted with its tree, under its own name; - is standard"
                    + " input, which is first kept in a file beside the manifest.")
    private List<Path> inputs;

    @Option(names = "--to", required = true, split = ",", paramLabel = "HOST:PORT", description = {
        "Where to, the preferred server first; the others take over when it fails.",
        "HOST:PORT, nntp://HOST:PORT or nntps://HOST:PORT."})
    private List<HostPort> to;

    @Option(names = "--group", required = true, split = ",", paramLabel = "GROUP",
            description = "The newsgroups to post to.")
    private List<String> groups;

    @Option(names = "--redundancy", paramLabel = "PERCENT", defaultValue = "10%", description = {
        "Parity in proportion to the data (${DEFAULT-VALUE}).",
        "With 0 no PAR2 file is posted at all; then CRC-32s prove what is fetched, those of the"
                + " articles and, in the manifest, that of each file."})
    private Percentage redundancy;

    @Option(names = "--part-size", paramLabel = "SIZE", defaultValue = "700K", description = {
        "How much an article carries at most, 1K to 4M (${DEFAULT-VALUE}; K = 1024).",
        "The article is some 3 %% larger, and servers have a limit: a Spillway relay takes articles"
                + " of 2M unless it is told otherwise, so there 1900K is the most."})
    private ByteSize partSize;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "8",
            description = "Connections to keep busy at most, 1 to 64 (${DEFAULT-VALUE}). They are"
                    + " opened as they are needed, and fewer where a server wants fewer.")
    private int connections;

    @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "30", description =
            "How long servers are tried while none can be reached, 1 to 86400 (${DEFAULT-VALUE}).")
    private int patience;

    @Option(names = "--nzb", paramLabel = "OUT.nzb", description =
            "Where the manifest goes; otherwise into the working directory, named after the files.")
    private Path nzb;

    @Option(names = "--from", paramLabel = "ADDR", description =
            "The From header, such as \"Ann <ann@example.org>\".")
    private String from;

    @Option(names = {"-m", "--memory"}, paramLabel = "MB", description = {
        "Memory for computing parity, in MiB (192, or a quarter of the machine's if that is less).",
        "With too little for all recovery slices, the files are read once more."})
    private Integer memory;

    @Option(names = "--name", paramLabel = "NAME",
            description = "The file name that standard input gets.")
    private String name;

    @Option(names = "--obfuscate", description =
            "Hide what the files are called and who posts them: subjects, yEnc names, the PAR2 set"
                    + " and From are random. Only the manifest tells, and only spillway fetch asks it:"
                    + " other programs get the files under their random names.")
    private boolean obfuscate;

    @Option(names = "--rate", paramLabel = "SIZE", description =
            "Send at most so much a second, such as 2M; all connections together. 1K is the least.")
    private ByteSize rate;

    @Option(names = "--method", paramLabel = "METHOD", defaultValue = "auto", description =
            "How to hand articles over: auto, post, ihave or takethis (${DEFAULT-VALUE}: by"
                    + " TAKETHIS to servers that offer it to us, else by POST).")
    private PostRequest.Method method;

    @Option(names = "--dry-run",
            description = "Say what would be posted, and ask no server for anything.")
    private boolean dryRun;

    @Option(names = "--restart", description =
            "Begin anew where a post was broken off, instead of going on with it.")
    private boolean restart;

    @Mixin private ManifestOptions manifest;
    @Mixin private ConfirmOptions confirm;
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
        return output.print(spec.commandLine().getOut(), ExitCode.DONE, result,
                describe(result) + timeAtRate(result));
    }

    private String timeAtRate(PostResult result) {
        if (rate == null || !result.dryRun()) {
            return "";
        }
        long octets = result.bytes() + result.parityBytes();
        return String.format("%nat %s that takes at least %s", Figures.rate(rate.bytes(),
                Duration.ofSeconds(1)), Figures.duration(Duration.ofSeconds(octets / rate.bytes())));
    }

    private PostRequest request(TerminalProgress progress) {
        if (partSize.bytes() < PostRequest.MIN_PART_SIZE
                || partSize.bytes() > PostRequest.MAX_PART_SIZE) {
            throw new CommandFailure(ExitCode.USAGE,
                    "--part-size " + partSize + " is not between "
                            + new ByteSize(PostRequest.MIN_PART_SIZE) + " and "
                            + new ByteSize(PostRequest.MAX_PART_SIZE) + ".");
        }
        if (rate != null && rate.bytes() < LEAST_RATE) {
            throw new CommandFailure(ExitCode.USAGE, "--rate " + rate + " is "
                    + Figures.count(rate.bytes(), "octet") + " a second, and the least is "
                    + new ByteSize(LEAST_RATE) + "; megabytes a second are written such as 2M.");
        }
        List<Path> files = inputs.stream().filter(path -> !path.toString().equals("-")).toList();
        PostRequest request = PostRequest.of(files, connection.resolve(to, progress), groups)
                .withRedundancy(redundancy.value() / 100)
                .withPartSize((int) partSize.bytes())
                .withConnections(Checks.connections(connections, PostRequest.MAX_CONNECTIONS))
                .withPatience(Checks.patience(patience));
        request = nzb == null ? request : request.withNzb(nzb);
        if (memory != null) {
            request = request.withParityMemory(
                    (long) Checks.inRange("-m", memory, 1, 1 << 20) << 20);
        }
        request = from == null ? request : request.withFrom(from);
        request = rate == null ? request : request.withRate(rate.bytes());
        request = obfuscate ? request.withObfuscation() : request;
        request = dryRun ? request.withDryRun() : request;
        request = restart ? request.withRestart() : request;
        request = confirm.addTo(request, connection, progress);
        return withPiped(request.withMethod(method).withMeta(manifest.lines()));
    }

    private PostRequest withPiped(PostRequest request) {
        boolean piped = inputs.size() > request.inputs().size();
        if (piped != (name != null)) {
            throw new CommandFailure(ExitCode.USAGE, piped
                    ? "Standard input has no file name; say with --name which it gets."
                    : "--name is for standard input, which is not among what is to be posted (-).");
        }
        if (inputs.size() > request.inputs().size() + 1) {
            throw new CommandFailure(ExitCode.USAGE, "Standard input can be read only once.");
        }
        return piped ? request.withPiped(System.in, name) : request;
    }

    private static String describe(PostResult.Mirror mirror, long articles) {
        if (mirror.missing() == articles && !mirror.error().isEmpty()) {
            return mirror.mirror() + " has not said what it has: " + Terminal.safe(mirror.error());
        }
        return mirror.missing() == 0 ? "all of it is on " + mirror.mirror()
                : mirror.mirror() + " lacks " + Figures.count(mirror.missing()) + " of "
                        + Figures.count(articles, "article") + (mirror.error().isEmpty() ? ""
                                : ": " + Terminal.safe(mirror.error()));
    }

    static String describe(PostResult result) {
        StringBuilder text = new StringBuilder(String.format(
                "%s %s, %s and %s of parity, as %s",
                result.dryRun() ? "would post" : "posted",
                Figures.count(result.files(), "file"), Figures.bytes(result.bytes()),
                Figures.bytes(result.parityBytes()), Figures.count(result.articles(), "article")));
        if (result.dryRun()) {
            return text.append(String.format(" (%s of %s, %s of parity)%nmanifest would be: %s",
                    Figures.count(result.dataSlices(), "slice"), Figures.bytes(result.sliceSize()),
                    Figures.count(result.recoverySlices(), "slice"), result.nzb())).toString();
        }
        text.append(" in ").append(Figures.duration(result.elapsed()));
        if (result.resumedArticles() == 0) {
            text.append(" (").append(Figures.rate(result.bytes(), result.elapsed())).append(')');
        } else {
            text.append(", ").append(Figures.count(result.resumedArticles()))
                    .append(" of them posted before");
        }
        result.mirrors().forEach(mirror -> text.append(String.format("%n"))
                .append(describe(mirror, result.articles())));
        return text.append(String.format("%nmanifest: %s", result.nzb())).toString();
    }
}

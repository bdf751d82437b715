package net.spillway.tools.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.spillway.conf.HostPort;
import net.spillway.protocol.DotStuffing;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import net.spillway.protocol.YencDecoded;
import net.spillway.protocol.YencDecoder;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.Block;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;
import net.spillway.tools.progress.Progress;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spillway cat}. */
@Command(
        name = "cat",
        description = {
            "Print an article.",
            "The relays are asked in turn until one has it. It is printed octet for octet, with the"
                    + " line ends it has."})
final class CatCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @Parameters(paramLabel = "MESSAGE-ID", description = "With or without its angle brackets.")
    private String id;

    @Option(names = "--on", required = true, split = ",", paramLabel = "HOST:PORT", description =
            "Relays: HOST:PORT, nntp://HOST:PORT or nntps://HOST:PORT.")
    private List<HostPort> on;

    @ArgGroup private Part part = new Part();
    @Mixin private ConnectionOptions connection;

    /** What of the article is printed; all of it unless said. */
    static final class Part {
        @Option(names = "--head", description = "Print the head alone.")
        private boolean head;

        @Option(names = "--body", description = "Print the body alone.")
        private boolean body;

        @Option(names = "--decode", description = "Print what is yEnc in the body, decoded.")
        private boolean decode;

        private String command() {
            return head ? "HEAD" : body || decode ? "BODY" : "ARTICLE";
        }
    }

    @Override
    public Integer call() {
        MessageId article = MessageId.parse(id.startsWith("<") ? id : "<" + id + ">").orElseThrow(
                () -> new CommandFailure(ExitCode.USAGE,
                        "\"" + Terminal.safe(id) + "\" is no message-ID."));
        List<String> refusals = new ArrayList<>();
        boolean later = false;
        for (ServerAddress relay : connection.resolve(on, Progress.none())) {
            try {
                Optional<byte[]> wire = ask(relay, article, refusals);
                if (wire.isPresent()) {
                    print(wire.get());
                    return ExitCode.DONE.code();
                }
            } catch (NntpException e) {
                later |= !e.isFinal();
                refusals.add(e.getMessage());
            }
        }
        throw new CommandFailure(later ? ExitCode.TEMPORARY : ExitCode.FAILED,
                article + " was not got: " + Terminal.safe(String.join("; ", refusals)));
    }

    private Optional<byte[]> ask(ServerAddress relay, MessageId article, List<String> refusals)
            throws NntpException {
        try (PipelinedClient client = PipelinedClient.open(relay, PATIENCE, PATIENCE)) {
            Reply reply = client.ask(part.command() + " " + article.value());
            if (!reply.isPositive()) {
                refusals.add(relay + " says " + reply.code() + " " + reply.text());
                return Optional.empty();
            }
            Optional<Block> block = client.block();
            if (block.isEmpty()) {
                refusals.add(relay + " has an article of more than "
                        + (PipelinedClient.MAX_BLOCK >> 20) + " MiB");
            }
            return block.map(b -> Arrays.copyOfRange(b.bytes(), b.from(), b.to()));
        }
    }

    private void print(byte[] wire) {
        byte[] octets = part.decode ? decoded(wire) : DotStuffing.unstuff(wire, 0, wire.length);
        PrintStream out = System.out;
        out.write(octets, 0, octets.length);
        out.flush();
    }

    private static byte[] decoded(byte[] wire) {
        YencDecoded yenc = YencDecoder.decode(wire, 0, wire.length);
        if (!yenc.isIntact()) {
            throw new CommandFailure(ExitCode.FAILED, "The body cannot be decoded: "
                    + Terminal.safe(yenc.problems().getFirst().toString()));
        }
        return yenc.data();
    }
}

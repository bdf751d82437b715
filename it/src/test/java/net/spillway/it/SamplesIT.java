package net.spillway.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two configurations that the README shows, run as it says, on other ports. */
class SamplesIT {
    private static final Path SAMPLES =
            Program.root().resolve("conf/src/main/resources/net/spillway/conf/samples");
    private static final List<String> GROUPS = List.of("example.talk", "example.files");

    @TempDir
    Path temp;

    /** Ports that were free a moment ago: each relay has to know the other's before it starts. */
    private static int[] freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {one.getLocalPort(), other.getLocalPort()};
        }
    }

    private Path sample(String name, int[] ports) throws IOException {
        String text = Files.readString(SAMPLES.resolve(name))
                .replace("127.0.0.1:1119", "127.0.0.1:" + ports[0])
                .replace("127.0.0.1:2119", "127.0.0.1:" + ports[1]);
        return Files.writeString(temp.resolve(name), text);
    }

    @Test
    void twoRelaysOfTheReadmeFeedEachOther() throws Exception {
        int[] ports = freePorts();
        Path configA = sample("relay-a.toml", ports);
        Path configB = sample("relay-b.toml", ports);
        Federation.secret(temp.resolve("a-to-b.password"), "one secret");
        Federation.secret(temp.resolve("b-to-a.password"), "another secret");
        CommandLine.in(temp).run("config", "check", configA.toString()).expect(0);
        try (Federation federation = new Federation(temp)) {
            RelayProcess a = federation.addConfigured("a", configA);
            RelayProcess b = federation.addConfigured("b", configB);
            federation.start();
            for (String group : GROUPS) {
                List<TestArticle> articles = new ArrayList<>();
                articles.addAll(Copies.post(a, group, group.hashCode(), 20));
                articles.addAll(Copies.post(b, group, -group.hashCode(), 20));
                Copies.awaitAll(federation, a, group, articles);
                Copies.awaitAll(federation, b, group, articles);
            }
        }
    }
}

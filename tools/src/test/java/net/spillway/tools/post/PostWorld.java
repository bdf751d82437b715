package net.spillway.tools.post;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Collector;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.YencDecoded;
import net.spillway.protocol.YencDecoder;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;

/** What tests of posting have in common: inputs, requests, and looking at what was posted. */
final class PostWorld {
    static final int PART = 20_000;

    private final Path folder;

    PostWorld(Path folder) {
        this.folder = folder;
    }

    /** A file of noise below {@code in}. */
    Path file(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Path file = folder.resolve("in").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    Path nzb() {
        return folder.resolve("post.nzb");
    }

    PostRequest request(Path input, ServerAddress... to) {
        return PostRequest.of(List.of(input), List.of(to), List.of("spill.test"))
                .withPartSize(PART).withNzb(nzb()).withConnections(4)
                .withTimes(Duration.ofSeconds(20), Duration.ofSeconds(30));
    }

    static List<String> ids(NzbFile nzb) {
        return nzb.entries().stream().flatMap(e -> e.segments().stream())
                .map(NzbFile.Segment::id).map(MessageId::value).toList();
    }

    /** Fails unless these servers have stored every article of a manifest once, together. */
    static void requireEachOnce(NzbFile nzb, ScriptedServer... servers) {
        for (String id : ids(nzb)) {
            int copies = 0;
            for (ScriptedServer server : servers) {
                copies += server.stored().containsKey(id) ? server.stored().get(id).get() : 0;
            }
            assertEquals(1, copies, id);
        }
    }

    /** The octets of a file, put together from its articles. */
    static byte[] content(NzbFile.Entry entry, Map<String, byte[]> articles) {
        Map<Long, byte[]> parts = new TreeMap<>();
        for (NzbFile.Segment segment : entry.segments()) {
            byte[] wire = articles.get(segment.id().value());
            YencDecoded part =
                    YencDecoder.decode(wire, ScriptedServer.bodyStart(wire), wire.length - 3);
            assertTrue(part.isIntact() && part.crcVerified(), segment.id().value());
            parts.put(part.part().begin(), part.data());
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach((begin, data) -> {
            assertEquals(begin, all.size());
            all.writeBytes(data);
        });
        return all.toByteArray();
    }

    /** What all parity files of a manifest say, put together from their articles. */
    static Par2Archive parity(NzbFile nzb, Map<String, byte[]> articles) throws IOException {
        Par2Collector collector = new Par2Collector();
        for (NzbFile.Entry entry : nzb.entries()) {
            if (entry.isParity()) {
                collector.add(entry.subject(), content(entry, articles));
            }
        }
        return collector.archive(collector.setIds().getFirst());
    }

    static NzbFile read(PostResult result) throws IOException {
        return NzbReader.read(result.nzb());
    }
}

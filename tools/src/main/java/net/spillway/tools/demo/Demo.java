package net.spillway.tools.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import net.spillway.protocol.MessageId;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.fetch.FetchRequest;
import net.spillway.tools.fetch.FetchResult;
import net.spillway.tools.fetch.Fetcher;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.PostResult;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Progress;

/**
 * The main job: three relays in a ring; files posted to the first, with parity; the same articles
 * lost on all three; the first relay gone; everything fetched from the other two all the same.
 */
public final class Demo {
    /** In the first step of the demo everything is whole; then so many of 100 articles are lost. */
    private static final double LOST = 0.05;

    private final DemoRequest request;
    private final Progress progress;

    public Demo(DemoRequest request, Progress progress) {
        this.request = request;
        this.progress = progress;
    }

    /**
     * Runs it. The temporary folder and the relays are gone when this returns, unless the folder is
     * to be kept; also when the JVM is told to stop meanwhile.
     *
     * @throws net.spillway.tools.CommandFailure if a step fails
     */
    public DemoResult run() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (Workplace workplace = Workplace.create(request.keep())) {
            if (request.keep()) {
                progress.note("working in " + workplace.root());
            }
            List<Path> inputs = request.files();
            if (inputs.isEmpty()) {
                inputs = SampleFiles.write(workplace.folder("input"), request.seed(), progress);
            }
            return run(workplace, inputs, begin);
        }
    }

    private DemoResult run(Workplace workplace, List<Path> inputs, long begin)
            throws IOException, InterruptedException {
        Map<String, String> originals = Hashes.ofInputs(inputs, progress);
        Ring ring = Ring.start(workplace, progress);

        Path nzb = workplace.root().resolve("demo.nzb");
        PostResult posted = new Poster(PostRequest
                .of(inputs, List.of(ring.address(0)), List.of(Ring.GROUP)).withNzb(nzb), progress)
                .post();
        NzbFile manifest = NzbReader.read(nzb);
        Duration propagation = Propagation.await(ring.addresses(), ids(manifest), progress);

        ring.stopAll(progress);
        List<MessageId> lost = Losses.choose(
                manifest, posted.sliceSize(), posted.recoverySlices(), LOST, request.seed());
        ring.removeEverywhere(lost, progress);
        ring.restart(List.of(1, 2), progress);

        Path output = workplace.root().resolve("output");
        List<ServerAddress> left = List.of(ring.address(1), ring.address(2));
        FetchResult fetched =
                new Fetcher(FetchRequest.of(nzb, left, output), progress).fetch();
        List<String> different = compare(originals, Hashes.ofFolder(output, progress));
        ring.stopAll(progress);
        return new DemoResult(request.seed(), posted, propagation, lost.size(), fetched,
                originals.size() - (int) different.stream().filter(originals::containsKey).count(),
                different, Duration.ofNanos(System.nanoTime() - begin),
                request.keep() ? Optional.of(workplace.root()) : Optional.empty());
    }

    private static List<MessageId> ids(NzbFile manifest) {
        return manifest.entries().stream().flatMap(entry -> entry.segments().stream())
                .map(NzbFile.Segment::id).toList();
    }

    /** Names that are only on one side, or have two hashes. */
    static List<String> compare(Map<String, String> originals, Map<String, String> copies) {
        TreeSet<String> names = new TreeSet<>(originals.keySet());
        names.addAll(copies.keySet());
        List<String> different = new ArrayList<>();
        for (String name : names) {
            if (!originals.containsKey(name) || !originals.get(name).equals(copies.get(name))) {
                different.add(name);
            }
        }
        return different;
    }
}

package net.spillway.tools.post;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.spillway.fec.FileHasher;
import net.spillway.fec.FileHashes;
import net.spillway.fec.Par2Layout;
import net.spillway.fec.Par2Set;
import net.spillway.fec.Par2SetBuilder;
import net.spillway.fec.ParityEncoder;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbWriter;
import net.spillway.tools.progress.Progress;

/**
 * Posts files with parity and writes their manifest.
 *
 * <p>All files make one PAR2 set. A slice's place in it follows from names, lengths and the first
 * 16 KiB of each file, so parity can be computed while the files are first read. If the recovery
 * slices don't fit the memory bound at once, they are computed in groups, each with one more read.
 * Empty files have no article: the set and our manifest name them.
 */
public final class Poster {
    private static final int SPARE_BUFFERS = 8;

    private final PostRequest request;
    private final Progress progress;
    private final String domain;

    public Poster(PostRequest request, Progress progress) {
        this.request = request;
        this.progress = progress;
        this.domain = RequestCheck.domainOf(request.from());
    }

    /**
     * Posts everything, then writes the manifest.
     *
     * @throws CommandFailure {@code USAGE} for a request that can't be meant so, {@code TEMPORARY}
     *     if no server could be reached, {@code FAILED} otherwise; no manifest is written then
     * @throws InterruptedException if the thread was interrupted; no manifest is written
     */
    public PostResult post() throws InterruptedException {
        RequestCheck.check(request);
        Instant start = Instant.now();
        List<InputFile> inputs = InputTree.of(request.inputs());
        String title = InputTree.nameOf(request.inputs().getFirst());
        Path nzb = RequestCheck.freeManifest(request.nzb().orElse(Path.of(title + ".nzb")));
        try {
            return post(inputs, title, nzb, start);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "Posting broke off: " + Explanation.of(e)
                    + ". No manifest was written.", e);
        }
    }

    private PostResult post(List<InputFile> inputs, String title, Path nzb, Instant start)
            throws IOException, InterruptedException {
        Split split = Splitter.plan(inputs.stream().map(InputFile::length).toList(),
                request.redundancy(), request.partSize());
        List<PlannedFile.Data> files = plan(inputs, split);
        long bytes = inputs.stream().mapToLong(InputFile::length).sum();
        long parityBytes = (long) split.recoverySlices() * split.sliceSize();
        ArticleBuilder builder = new ArticleBuilder(request.from(), request.groups(), start);
        try (Progress.Task task =
                        progress.start("posting", bytes + parityBytes, Progress.Unit.BYTES);
                PostingPool pool = new PostingPool(request, builder, task)) {
            List<NzbFile.Entry> parity = files.isEmpty() ? List.of()
                    : postAll(files, inputs, split, ShownNames.clean(title), pool, start);
            pool.await();
            NzbFile manifest = manifest(inputs, files, parity, split, title, start);
            Path written = write(manifest, nzb);
            return new PostResult(written, inputs.size(), bytes, parityBytes,
                    manifest.segmentCount(), split.sliceSize(), split.dataSlices(),
                    split.recoverySlices(), pool.retries(),
                    Duration.between(start, Instant.now()));
        }
    }

    /**
     * Everything is posted by now, and worth nothing without its manifest: if its name has been
     * taken meanwhile, it gets another.
     */
    private Path write(NzbFile manifest, Path nzb) throws IOException {
        Path path = nzb;
        for (int n = 2; ; n++) {
            try {
                NzbWriter.write(manifest, path);
                return path;
            } catch (FileAlreadyExistsException e) {
                path = nzb.resolveSibling(nzb.getFileName() + "." + n);
                progress.warn(nzb + " appeared meanwhile; the manifest goes to " + path);
            }
        }
    }

    /** Finds each file's place in the set, from its name, its length and its first 16 KiB. */
    private static List<PlannedFile.Data> plan(List<InputFile> inputs, Split split)
            throws IOException {
        Map<InputFile, Hash16> heads = new HashMap<>();
        List<Par2Layout.Item> items = new ArrayList<>();
        for (InputFile input : inputs) {
            if (input.length() > 0) {
                Hash16 head = headMd5(input);
                heads.put(input, head);
                items.add(new Par2Layout.Item(id(input, head), input.length()));
            }
        }
        Par2Layout layout = Par2Layout.of(split.sliceSize(), items);
        ShownNames names = new ShownNames();
        List<PlannedFile.Data> files = new ArrayList<>();
        for (InputFile input : inputs) {
            if (input.length() > 0) {
                Hash16 head = heads.get(input);
                long parts = Math.ceilDiv(input.length(), (long) split.articleSize());
                files.add(new PlannedFile.Data(input,
                        new PlannedFile(names.of(input.name()), input.length(),
                                Math.toIntExact(parts)),
                        head, layout.firstSlice(id(input, head))));
            }
        }
        return files;
    }

    private static Hash16 id(InputFile input, Hash16 head) {
        return Par2SetBuilder.fileId(head, input.length(), input.name());
    }

    private static Hash16 headMd5(InputFile input) throws IOException {
        try (InputStream in = Files.newInputStream(input.path())) {
            return Hash16.md5(in.readNBytes(FileHasher.HEAD));
        }
    }

    /** Posts data and parity; the entries of the parity files. */
    private List<NzbFile.Entry> postAll(List<PlannedFile.Data> files, List<InputFile> inputs,
            Split split, String stem, PostingPool pool, Instant start)
            throws IOException, InterruptedException {
        BufferPool buffers = new BufferPool(
                request.connections() * 2 + SPARE_BUFFERS, split.articleSize());
        int group = Math.clamp(
                request.parityMemory() / split.sliceSize(), 1, Splitter.MOST_SLICES);
        int recovery = split.recoverySlices();
        ParityFiles parity = null;
        for (int first = 0; first == 0 || first < recovery; first += group) {
            int count = Math.min(group, recovery - first);
            Optional<ParityEncoder> encoder = encoder(split, first, count);
            try {
                pass(files, split, buffers, encoder,
                        first == 0 ? Optional.of(pool) : Optional.empty());
                if (first == 0) {
                    parity = new ParityFiles(setOf(files, inputs, split), split, stem);
                }
                for (int i = 0; i < count; i++) {
                    parity.postRecovery(first + i, encoder.get().recovery(i), pool, domain);
                }
            } finally {
                encoder.ifPresent(ParityEncoder::close);
            }
        }
        parity.postCritical(pool, domain);
        return parity.entries(request, start.getEpochSecond());
    }

    private Optional<ParityEncoder> encoder(Split split, int first, int count) {
        long forRecovery = (long) count * split.sliceSize();
        return count == 0 ? Optional.empty()
                : Optional.of(ParityEncoder.builder(split.sliceSize()).recovery(first, count)
                        .memory(Math.max(0, request.parityMemory() - forRecovery))
                        .threads(Runtime.getRuntime().availableProcessors()).build());
    }

    private void pass(List<PlannedFile.Data> files, Split split, BufferPool buffers,
            Optional<ParityEncoder> encoder, Optional<PostingPool> pool)
            throws IOException, InterruptedException {
        if (encoder.isEmpty()) {
            readAll(files, new FilePass(split, buffers, Optional.empty(), pool, domain));
            return;
        }
        try (SliceStage stage = new SliceStage(encoder.get(), split.sliceSize())) {
            readAll(files, new FilePass(split, buffers, Optional.of(stage), pool, domain));
            stage.finish();
        }
    }

    private static void readAll(List<PlannedFile.Data> files, FilePass pass)
            throws IOException, InterruptedException {
        for (PlannedFile.Data file : files) {
            pass.read(file);
        }
    }

    private static Par2Set setOf(List<PlannedFile.Data> files, List<InputFile> inputs, Split split)
            throws Par2Exception {
        Par2SetBuilder set = new Par2SetBuilder(split.sliceSize()).creator("Spillway");
        for (PlannedFile.Data file : files) {
            set.add(file.input.name(), file.hashes);
        }
        FileHashes nothing = new FileHasher(split.sliceSize()).finish();
        for (InputFile input : inputs) {
            if (input.length() == 0) {
                set.add(input.name(), nothing);
            }
        }
        return set.build();
    }

    private NzbFile manifest(List<InputFile> inputs, List<PlannedFile.Data> files,
            List<NzbFile.Entry> parity, Split split, String title, Instant start) {
        List<NzbFile.Meta> meta = new ArrayList<>();
        meta.add(new NzbFile.Meta("title", title));
        meta.add(new NzbFile.Meta(NzbFile.SLICE_SIZE, Integer.toString(split.sliceSize())));
        meta.add(new NzbFile.Meta(
                NzbFile.RECOVERY_ARTICLES, Integer.toString(split.articlesPerSlice())));
        List<NzbFile.Entry> entries = new ArrayList<>();
        for (PlannedFile.Data file : files) {
            meta.add(new NzbFile.Meta(NzbFile.FILE,
                    file.plan.note(file.input.name(), file.hashes.md5()).toMeta()));
            entries.add(file.plan.entry(request, start.getEpochSecond()));
        }
        Hash16 nothing = Hash16.md5(new byte[0]);
        inputs.stream().filter(input -> input.length() == 0).forEach(input -> meta.add(
                new NzbFile.Meta(NzbFile.FILE, new FileNote(0, nothing.toString(),
                        Optional.empty(), input.name()).toMeta())));
        entries.addAll(parity);
        return new NzbFile(meta, entries);
    }
}

package net.spillway.tools.post;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.spillway.fec.FileHasher;
import net.spillway.fec.FileHashes;
import net.spillway.fec.Par2Layout;
import net.spillway.fec.Par2Set;
import net.spillway.fec.Par2SetBuilder;
import net.spillway.fec.ParityEncoder;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.protocol.JoinedCrc;
import net.spillway.protocol.MessageId;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import net.spillway.tools.client.Inventory;
import net.spillway.tools.client.NntpException;
import net.spillway.tools.client.PipelinedClient;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;
import net.spillway.tools.nzb.NzbWriter;
import net.spillway.tools.progress.Figures;
import net.spillway.tools.progress.Progress;

/**
 * One post, from its beginning or from where an earlier process left it.
 *
 * <p>All files make one PAR2 set. A slice's place in it follows from names, lengths and the first
 * 16 KiB of each file, so parity can be computed while the files are first read. If the recovery
 * slices don't fit the memory bound at once, they are computed in a read of their own. Empty files
 * have no article: the set and our manifest name them.
 *
 * <p>Without parity there is no set either: what is posted is proven by the CRC-32s that yEnc has
 * in every article, and by that of each file in our manifest, which follows from them.
 */
final class PostRun {
    private static final int SPARE_BUFFERS = 12;

    private final PostRequest request;
    private final Progress progress;
    private final String title;
    private final Workplace place;
    private final Instant start = Instant.now();
    private final AtomicLong octetsRead = new AtomicLong();
    private InputTree.Found found;
    private Split split;
    private PostJournal journal;
    private Naming naming;
    private List<DataFile> files;
    private Map<DataFile, FileHashes> hashes = Map.of();
    private BitSet before = new BitSet();

    PostRun(PostRequest request, Progress progress, String title, Workplace place) {
        this.request = request;
        this.progress = progress;
        this.title = title;
        this.place = place;
    }

    PostResult run() throws IOException, InterruptedException {
        found = InputTree.of(request.inputs(), piped());
        tellOfLinkedFolders();
        tellIfAllIsEmpty();
        split = Splitter.plan(found.files().stream().map(InputFile::length).toList(),
                request.redundancy(), request.partSize());
        Map<InputFile, Hash16> heads = heads();
        naming = new Naming(request, PostSeed.random(), filesToName());
        files = plan(heads);
        int articles = request.dryRun() || areMany() ? plannedArticles() : dataArticles();
        ManifestHead.requireReadable(articles, found.files().size(), found.folders().size(),
                request);
        if (request.dryRun()) {
            return dryRun(articles);
        }
        journal = PostJournal.open(place.journal(), asked(heads));
        try (PostJournal open = journal;
                ParityStore parity = ParityStore.open(place.parity(), split.sliceSize())) {
            naming = new Naming(request, open.seed(), filesToName());
            files = plan(heads);
            PostResult result = post(parity);
            parity.delete();
            Files.deleteIfExists(place.input());
            open.delete(); // Last: it tells the next process that the rest belongs to a post.
            return result;
        }
    }

    private void tellOfLinkedFolders() {
        List<Path> linked = found.linkedFolders();
        if (!linked.isEmpty()) {
            progress.warn("left out: " + linked.getFirst()
                    + (linked.size() == 1 ? " is a link to a folder" : " and "
                            + Figures.count(linked.size() - 1) + " more are links to folders")
                    + "; name it to have it posted");
        }
    }

    private void tellIfAllIsEmpty() {
        if (bytes() == 0) {
            progress.warn("there is not one octet in what is posted: it makes no articles, and only"
                    + " spillway fetch makes files from such a manifest");
        }
    }

    private Map<Path, String> piped() throws IOException {
        if (request.piped().isEmpty()) {
            return Map.of();
        }
        PostRequest.Piped piped = request.piped().get();
        if (request.dryRun() && place.isBegun()) {
            throw new CommandFailure(ExitCode.FAILED, place.journal()
                    + " is there already: a post was broken off. Nothing was read.");
        }
        progress.note("reading standard input into " + place.input());
        try (Progress.Task task =
                progress.start("reading standard input", 0, Progress.Unit.BYTES)) {
            return Map.of(place.spool(piped.stream(), task::advance), piped.name());
        }
    }

    private Map<InputFile, Hash16> heads() throws IOException {
        Map<InputFile, Hash16> heads = new LinkedHashMap<>();
        for (InputFile input : found.files()) {
            byte[] head = new byte[(int) Math.min(FileHasher.HEAD, input.length())];
            try (InputReader in = new InputReader(input, octetsRead)) {
                in.read(0, head, 0, head.length);
            }
            heads.put(input, Hash16.md5(head));
        }
        return heads;
    }

    /** Everything that articles depend on, so that what is taken up is what was begun. */
    private List<String> asked(Map<InputFile, Hash16> heads) {
        List<String> lines = new ArrayList<>(List.of(
                "groups " + String.join(",", request.groups()), "from " + request.from(),
                "part size " + request.partSize(), "redundancy " + request.redundancy(),
                "obfuscated " + request.obfuscated(), "title " + title));
        if (request.redundancy() > 0) {
            lines.add("critical packets by the part");
        }
        heads.forEach((input, head) -> lines.add("file of " + input.length() + " octets, written "
                + input.modified().toInstant() + ", beginning " + head + ": " + input.name()));
        found.folders().forEach(folder -> lines.add("folder " + folder));
        return lines;
    }

    /** Finds each file's place in the set, from its name, its length and its first 16 KiB. */
    private List<DataFile> plan(Map<InputFile, Hash16> heads) throws IOException {
        List<DataFile> planned = new ArrayList<>();
        int article = 0;
        for (InputFile input : found.files()) {
            if (input.length() > 0) {
                Naming.Names names = naming.ofData(planned.size(), input.name());
                PlannedFile plan = PlannedFile.even(
                        names, input.length(), split.articleSize(), article);
                DataFile file = new DataFile(
                        input, plan, naming.inSet(names, input.name()), heads.get(input), 0);
                planned.add(file);
                article = plan.endArticle();
            }
        }
        if (isBare()) {
            return planned;
        }
        Par2Layout layout = Par2Layout.of(split.sliceSize(), planned.stream()
                .map(file -> new Par2Layout.Item(file.id(), file.input().length())).toList());
        return planned.stream()
                .map(file -> file.withFirstSlice(layout.firstSlice(file.id()))).toList();
    }

    private int filesToName() {
        int data = (int) found.files().stream().filter(input -> input.length() > 0).count();
        return data + (isBare() || data == 0 ? 0 : ParityFiles.count(split));
    }

    private int dataArticles() {
        return files.isEmpty() ? 0 : files.getLast().plan().endArticle();
    }

    private long bytes() {
        return found.files().stream().mapToLong(InputFile::length).sum();
    }

    private long parityBytes() {
        return (long) split.recoverySlices() * split.sliceSize();
    }

    private PostResult post(ParityStore store) throws IOException, InterruptedException {
        ArticleHeads heads = new ArticleHeads(naming.from(), request.groups(), journal.date());
        before = journal.done();
        if (journal.isResumed()) {
            askWhatWasSent();
            progress.note("going on with a post that was broken off: "
                    + Figures.count(before.cardinality(), "article") + " had been posted");
        }
        PostingPool used = null;
        try (Progress.Task task = progress.start(
                        "posting", bytes() + parityBytes(), Progress.Unit.BYTES);
                PostingPool pool = new PostingPool(request, heads, journal, task, progress)) {
            used = pool;
            return postAll(store, pool, task);
        } catch (CommandFailure e) {
            if (used != null && isNothingPosted(used)) {
                journal.delete(); // Nothing to be taken up again.
                store.delete();
            }
            throw e;
        }
    }

    private boolean isNothingPosted(PostingPool pool) {
        boolean askable = before.isEmpty() && journal.done().isEmpty();
        return askable && (!pool.isAnySent() || askWhatWasSent() && before.isEmpty());
    }

    private PostResult postAll(ParityStore store, PostingPool pool, Progress.Task task)
            throws IOException, InterruptedException {
        Optional<ParityFiles> parity = Optional.empty();
        if (isBare()) {
            postBare(pool, task);
        } else if (!files.isEmpty()) {
            postDataAndComputeParity(store, pool, task);
            parity = Optional.of(
                    new ParityFiles(setOf(), split, Optional.of(store), naming, title,
                            dataArticles(), request.partSize()));
            task.total(bytes() + parity.get().octets());
            postParity(parity.get(), pool, task);
        }
        pool.await();
        int articles = parity.map(ParityFiles::endArticle).orElse(dataArticles());
        List<PostResult.Mirror> mirrors = confirm(articles, parity, pool);
        NzbFile manifest = manifest(parity);
        Path written = write(manifest);
        return new PostResult(written, found.files().size(), bytes(), parityBytes(), articles,
                split.sliceSize(), split.dataSlices(), split.recoverySlices(), pool.retries(),
                octetsRead.get(), before.cardinality(), pool.shares(), mirrors,
                Duration.between(start, Instant.now()), false);
    }

    /**
     * Articles may have been sent without our knowing what became of them.
     *
     * @return whether every server could be asked
     */
    private boolean askWhatWasSent() {
        List<Integer> unknown = new ArrayList<>();
        for (int n = before.nextClearBit(0); n < journal.sent(); n = before.nextClearBit(n + 1)) {
            unknown.add(n);
        }
        boolean answered = true;
        List<MessageId> ids = unknown.stream().map(naming::messageId).toList();
        try (Progress.Task task = progress.start("asking what was posted",
                (long) ids.size() * request.to().size(), Progress.Unit.ARTICLES)) {
            for (var server : request.to()) {
                try (PipelinedClient client =
                        PipelinedClient.open(server, request.timeout(), request.timeout())) {
                    answered &= Inventory.take(client, ids, (from, to, held) -> {
                        held.stream().forEach(i -> before.set(unknown.get(from + i)));
                        task.advance(to - from);
                        return true;
                    });
                } catch (NntpException e) {
                    answered = false; // Then each is asked for before it is sent again.
                }
            }
        }
        return answered;
    }

    /** Whether there is no parity, and so no set. */
    private boolean isBare() {
        return request.redundancy() == 0;
    }

    private void postBare(PostingPool pool, Progress.Task task)
            throws IOException, InterruptedException {
        tellWhatWasDone(task);
        for (DataFile file : files) {
            file.input().requireUnchanged();
            int[] unsent = IntStream.range(file.plan().firstArticle(), file.plan().endArticle())
                    .filter(n -> !before.get(n)).toArray();
            if (unsent.length > 0) {
                putBare(file, unsent, pool);
            }
        }
    }

    private void putBare(DataFile file, int[] unsent, PostingPool pool)
            throws IOException, InterruptedException {
        PartsOnDemand parts = new PartsOnDemand(file, unsent.length, octetsRead);
        try {
            for (int n : unsent) {
                pool.put(file.plan().article(n, parts.part(n), naming));
            }
        } catch (IOException | RuntimeException | InterruptedException e) {
            parts.close(); // They won't all be read.
            throw e;
        }
    }

    private void tellWhatWasDone(Progress.Task task) {
        for (DataFile file : files) {
            for (int n = file.plan().firstArticle(); n < file.plan().endArticle(); n++) {
                task.had(before.get(n) ? file.plan().length(n) : 0);
            }
        }
    }

    private void postDataAndComputeParity(ParityStore store, PostingPool pool, Progress.Task task)
            throws IOException, InterruptedException {
        int hashed = journal.knownSums().stream()
                .mapToInt(sums -> sums.first() + sums.articles()).max().orElse(0);
        if (split.recoverySlices() == 0 || journal.hasParity()) {
            postData(Optional.empty(), hashed, store, pool, task, () -> { });
            return;
        }
        Optional<ParityEncoder> encoder = encoder(hashed);
        if (encoder.isPresent()) {
            postData(encoder, hashed, store, pool, task, () -> { });
        } else {
            try (ParityBeside parity = new ParityBeside(() -> new ParityPass(
                    files, split, request.parityMemory(), octetsRead).run(store, progress))) {
                postData(Optional.empty(), hashed, store, pool, task, parity::requireGoing);
                parity.finish(pool);
            }
        }
        store.force();
        journal.parityIsThere();
    }

    /** Posts the data; if there is an encoder, recovery slices are computed on the way. */
    private void postData(Optional<ParityEncoder> encoder, int hashed, ParityStore store,
            PostingPool pool, Progress.Task task, DataPass.Check check)
            throws IOException, InterruptedException {
        tellWhatWasDone(task);
        try (HashStage stage = new HashStage(files, split, journal, bytes())) {
            // Each connection may hold one and have another waiting, though no server is there.
            BufferPool buffers = new BufferPool(
                    2 * stage.batch() + 2 * request.connections() + SPARE_BUFFERS,
                    split.articleSize());
            pass(stage, hashed, encoder, pool, buffers, check);
            stage.finish();
            hashes = new LinkedHashMap<>();
            files.forEach(file -> hashes.put(file, stage.hashes(file)));
            if (encoder.isPresent()) {
                store.write(encoder.get(), 0, split.sliceSize());
            }
        } finally {
            encoder.ifPresent(ParityEncoder::close);
        }
    }

    private void pass(HashStage stage, int hashed, Optional<ParityEncoder> encoder,
            PostingPool pool, BufferPool buffers, DataPass.Check check)
            throws IOException, InterruptedException {
        if (encoder.isEmpty()) {
            new DataPass(split, naming, stage, hashed, Optional.empty(), pool, before,
                    buffers, octetsRead).run(files, check);
            return;
        }
        try (SliceStage slices = new SliceStage(encoder.get(), split.sliceSize())) {
            new DataPass(split, naming, stage, hashed, Optional.of(slices), pool,
                    before, buffers, octetsRead).run(files, check);
            slices.finish();
        }
    }

    /** Computes parity while data is posted, if memory suffices and all data is still to come. */
    private Optional<ParityEncoder> encoder(int hashed) {
        long left = request.parityMemory() - parityBytes();
        boolean fits = left >= parityBytes() / 4;
        if (!fits || hashed > 0 || !before.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(ParityEncoder.builder(split.sliceSize())
                .recovery(0, split.recoverySlices()).memory(left).expected(split.dataSlices())
                .threads(Runtime.getRuntime().availableProcessors()).build());
    }

    private void postParity(ParityFiles parity, PostingPool pool, Progress.Task task)
            throws IOException, InterruptedException {
        for (int n = dataArticles(); n < parity.endArticle(); n++) {
            if (before.get(n)) {
                task.had(parity.length(n));
            } else {
                pool.put(parityArticle(parity, n));
            }
        }
    }

    private Outgoing parityArticle(ParityFiles parity, int n) {
        return parity.file(n).article(n, (room, to) -> {
            byte[] data;
            synchronized (parity) { // Of a slice larger than an article all is read.
                data = parity.data(n);
            }
            to.addAll(data, data.length, room.length);
        }, naming);
    }

    private Outgoing dataArticle(int n) {
        DataFile file = files.stream().filter(f -> n < f.plan().endArticle())
                .findFirst().orElseThrow();
        return file.plan().article(n, new FilePart(file, n, octetsRead), naming);
    }

    private Par2Set setOf() throws Par2Exception {
        Par2SetBuilder set = new Par2SetBuilder(split.sliceSize()).creator("Spillway");
        for (DataFile file : files) {
            set.add(file.setName(), hashes.get(file));
        }
        FileHashes nothing = new FileHasher(split.sliceSize()).finish();
        for (InputFile input : found.files()) {
            if (input.length() == 0 && !request.obfuscated()) {
                set.add(input.name(), nothing);
            }
        }
        return set.build();
    }

    private List<PostResult.Mirror> confirm(
            int articles, Optional<ParityFiles> parity, PostingPool pool)
            throws IOException, InterruptedException {
        if (request.confirm().isEmpty() || articles == 0) {
            return List.of();
        }
        PostRequest.Confirm wanted = request.confirm().get();
        Duration half = wanted.timeout().dividedBy(2);
        try (Confirmer confirmer = new Confirmer(
                wanted, articles, naming::messageId, request.timeout(), progress)) {
            if (!confirmer.await(half)) {
                BitSet lost = confirmer.missingEverywhere();
                for (int n = lost.nextSetBit(0); n >= 0; n = lost.nextSetBit(n + 1)) {
                    pool.putAgain(n < dataArticles() ? dataArticle(n)
                            : parityArticle(parity.orElseThrow(), n));
                }
                pool.await();
                if (!lost.isEmpty()) {
                    progress.warn(lost.cardinality() + " articles were on no mirror after "
                            + half.toSeconds() + " s, and were posted again if the server had"
                            + " lost them");
                }
                if (!confirmer.await(half)) {
                    throw Unconfirmed.failure(wanted, articles, confirmer);
                }
            }
            return confirmer.reports();
        }
    }

    private NzbFile manifest(Optional<ParityFiles> parity)
            throws IOException, InterruptedException {
        ManifestHead head = new ManifestHead(request, split, title);
        for (DataFile file : files) {
            head.file(file.plan().note(file.input().name(), hash(file), naming), file.input());
        }
        found.files().stream().filter(input -> input.length() == 0).forEach(head::emptyFile);
        found.folders().forEach(head::folder);
        List<NzbFile.Entry> entries = new ArrayList<>();
        long date = journal.date().getEpochSecond();
        files.forEach(file -> entries.add(file.plan().entry(request, naming, date, journal)));
        parity.ifPresent(p -> p.files().forEach(
                file -> entries.add(file.entry(request, naming, date, journal))));
        return new NzbFile(head.lines(), entries);
    }

    private String hash(DataFile file) throws IOException, InterruptedException {
        return isBare() ? crc32(file) : hashes.get(file).md5().toString();
    }

    /** From those of its articles; one that a process sent which then was killed is read again. */
    private String crc32(DataFile file) throws IOException, InterruptedException {
        JoinedCrc crc = new JoinedCrc();
        for (int n = file.plan().firstArticle(); n < file.plan().endArticle(); n++) {
            OptionalInt known = journal.crc32(n);
            crc.add(known.isPresent() ? known.getAsInt() : dataArticle(n).crc32(),
                    file.plan().length(n));
        }
        return HexFormat.of().toHexDigits(crc.value());
    }

    /**
     * Everything is posted by now, and worth nothing without its manifest: if its name has been
     * taken meanwhile, it gets another.
     */
    private Path write(NzbFile manifest) throws IOException {
        Path path = place.nzb();
        for (int n = 2; ; n++) {
            try {
                NzbWriter.write(manifest, path);
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                return path;
            } catch (FileAlreadyExistsException e) {
                path = place.nzb().resolveSibling(place.nzb().getFileName() + "." + n);
                progress.warn(place.nzb() + " appeared meanwhile; the manifest goes to " + path);
            } catch (IOException e) {
                throw Explanation.about(path, e);
            }
        }
    }

    /** Whether there may be more articles than a manifest can name: then they are counted. */
    private boolean areMany() {
        long carried = dataArticles() + (long) split.recoverySlices() * split.articlesPerSlice();
        return carried > NzbReader.MOST_SEGMENTS / 2; // Critical packets take far less.
    }

    /** Message-IDs and hashes change nothing about what there is, so these may be any. */
    private int plannedArticles() throws Par2Exception {
        if (isBare()) {
            return dataArticles();
        }
        hashes = new LinkedHashMap<>();
        for (DataFile file : files) {
            hashes.put(file, file.placeholders(split.sliceSize()));
        }
        return files.isEmpty() ? 0 : new ParityFiles(setOf(), split, Optional.empty(),
                naming, title, dataArticles(), request.partSize()).endArticle();
    }

    private PostResult dryRun(int articles) throws IOException {
        Files.deleteIfExists(place.input());
        return new PostResult(place.nzb(), found.files().size(), bytes(), parityBytes(), articles,
                split.sliceSize(), split.dataSlices(), split.recoverySlices(), 0,
                octetsRead.get(), 0, List.of(), List.of(),
                Duration.between(start, Instant.now()), true);
    }
}

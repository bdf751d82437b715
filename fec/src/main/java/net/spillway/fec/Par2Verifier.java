package net.spillway.fec;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceChecksum;

/**
 * Finds out what became of the files of a set. Nothing is changed.
 *
 * <p>A file is complete if it has its length, if the MD5 of its first 16 KiB is right, and if the
 * MD5s of all its slices are; the MD5 of the whole is not computed then, which takes six times as
 * long because it can't be shared out among vector lanes and threads. It is computed where the set
 * has no checksums of a file's slices, and where lanes are not there or do not pay.
 *
 * <p>What that proves: every byte of the file is in some slice, and each slice is the one that
 * recovery slices were made from, as surely as an MD5 can tell. In a set made from one state of the
 * file the MD5 of the whole follows from that. It does not follow if the set contradicts itself, its
 * slice checksums having been made from another file than its file description, which no program
 * does by accident: then a file may be called complete that has the slices the set says, but not
 * the MD5 of the whole that the set says. MD5 itself is no protection against somebody who makes
 * two files of one hash, be it that of slices or that of the whole.
 *
 * <p>Only if a file is not complete, damaged files and the given extra files are searched for
 * slices, and other files beside those of the set are taken for renamed ones if length and MD5 are
 * those of a missing file.
 */
public final class Par2Verifier {
    /** Files of a folder beyond these are not looked at as possibly renamed ones. */
    private static final int MAX_CANDIDATES = 100_000;

    private final Par2Archive archive;
    private final Par2Set set;
    private final Path base;
    private final ParityOptions options;
    private final boolean warm;
    private final Map<Hash16, Path> targets = new LinkedHashMap<>();
    private final Map<Hash16, FileState> states = new HashMap<>();
    private final SortedMap<Integer, SliceLocation> located = new TreeMap<>();

    /** For each file of the set, which of its slices are in place in files on disk. */
    private final Map<Hash16, Map<Path, BitSet>> inPlace = new HashMap<>();

    private final long total;
    private long done;

    private Par2Verifier(
            Par2Archive archive, Path base, ParityOptions options, boolean warm) {
        this.warm = warm;
        this.archive = archive;
        this.set = archive.set();
        this.total = set.totalLength();
        // Files in a folder that is called "" have no parent.
        this.base = base.toString().isEmpty() ? base.toAbsolutePath() : base;
        this.options = options;
    }

    /**
     * Verifies with the best engine on all processors.
     *
     * @see #verify(Par2Archive, Path, Collection, ParityOptions)
     */
    public static VerifyReport verify(
            Par2Archive archive, Path base, Collection<Path> extras, ProgressListener progress)
            throws IOException {
        return verify(
                archive, base, extras, ParityOptions.defaults().withProgress(progress), false);
    }

    /**
     * Verifies.
     *
     * @param base the folder that the names of the set are relative to
     * @param extras more files to search for slices, whatever they are called
     * @throws Par2Exception if a name in the set would lead out of {@code base}; one that does so
     *     only by a link on the way makes that file {@link FileState.Refused}
     */
    public static VerifyReport verify(
            Par2Archive archive, Path base, Collection<Path> extras, ParityOptions options)
            throws IOException {
        return verify(archive, base, extras, options, false);
    }

    /** The same; {@code warm} if MD5 in vector lanes is to be taken for compiled already. */
    static VerifyReport verify(
            Par2Archive archive, Path base, Collection<Path> extras, ParityOptions options,
            boolean warm)
            throws IOException {
        return new Par2Verifier(archive, base, options, warm).run(extras);
    }

    private VerifyReport run(Collection<Path> extras) throws IOException {
        resolveTargets();
        try (Crew crew = new Crew(options.threads())) {
            List<ParFile> all = new ArrayList<>(set.recoverable());
            all.addAll(set.others());
            check(all.stream().filter(file -> !isRefused(file)).toList(), crew);
            for (ParFile file : set.recoverable()) {
                if (isComplete(file)) {
                    locate(file, targets.get(file.id()));
                }
            }
            if (set.recoverable().stream()
                    .anyMatch(file -> !isComplete(file) && !isRefused(file))) {
                Set<Path> others = withoutTargets(extras);
                findRenamed(others, crew);
                others.addAll(refused());
                search(others, crew);
                shareEqualSlices();
            }
        }
        return new VerifyReport(
                set,
                reports(set.recoverable()),
                reports(set.others()),
                located,
                archive.exponents());
    }

    private void resolveTargets() throws IOException {
        SafeFolder folder = new SafeFolder(base);
        Set<String> names = new HashSet<>();
        List<ParFile> all = new ArrayList<>(set.recoverable());
        all.addAll(set.others());
        for (ParFile file : all) {
            if (!names.add(file.name())) {
                throw new Par2Exception(
                        Par2Exception.Kind.CONTRADICTION,
                        "two files of the set have the name " + file.name());
            }
            Path path = folder.path(file.stored());
            if (folder.holds(path)) {
                targets.put(file.id(), path);
            } else {
                states.put(file.id(), new FileState.Refused(path));
            }
        }
        for (String name : names) {
            for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
                if (names.contains(name.substring(0, slash))) {
                    throw new Par2Exception(
                            Par2Exception.Kind.CONTRADICTION,
                            name.substring(0, slash) + " is both a file and a folder in the set");
                }
            }
        }
    }

    private boolean isRefused(ParFile file) {
        return states.get(file.id()) instanceof FileState.Refused;
    }

    /** What lies behind links that lead out: it may be read, and others may need its slices. */
    private List<Path> refused() {
        List<Path> paths = new ArrayList<>();
        for (ParFile file : set.recoverable()) {
            if (states.get(file.id()) instanceof FileState.Refused refused
                    && Files.isRegularFile(refused.path()) && Files.isReadable(refused.path())) {
                paths.add(refused.path());
            }
        }
        return paths;
    }

    private List<VerifyReport.FileReport> reports(List<ParFile> files) {
        return files.stream()
                .map(file -> new VerifyReport.FileReport(file, states.get(file.id())))
                .toList();
    }

    private boolean isComplete(ParFile file) {
        return states.get(file.id()) instanceof FileState.Complete;
    }

    /** Decides between complete, damaged and missing by length, and slices or head and MD5. */
    private void check(List<ParFile> files, Crew crew) throws IOException {
        List<ParFile> possible = new ArrayList<>();
        for (ParFile file : files) {
            Path path = targets.get(file.id());
            OptionalLong length = length(path);
            states.put(
                    file.id(),
                    length.isEmpty() ? new FileState.Missing() : new FileState.Damaged(path, 0));
            if (length.isPresent() && length.getAsLong() == file.length()) {
                possible.add(file);
            } else {
                verified(file.length());
            }
        }
        Map<Boolean, List<ParFile>> bySlices =
                possible.stream().collect(Collectors.partitioningBy(ParFile::hasChecksums));
        List<ParFile> sliced = bySlices.get(true);
        int slices = sliced.stream().mapToInt(ParFile::sliceCount).sum();
        long bytes = sliced.stream().mapToLong(ParFile::length).sum();
        if (ManyMd5s.lanesPay(options.engine(), slices, bytes, warm)) {
            // Their heads are in their slices: to open each file once more would prove nothing.
            checkSlices(sliced, crew);
            checkWhole(withRightHead(bySlices.get(false), crew), crew);
        } else {
            checkWhole(withRightHead(possible, crew), crew);
        }
    }

    /** Empty if there is no ordinary file. */
    private static OptionalLong length(Path path) {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return found.isRegularFile() ? OptionalLong.of(found.size()) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private List<ParFile> withRightHead(List<ParFile> files, Crew crew) throws IOException {
        FileMd5s md5s = md5s(files, FileHasher.HEAD, n -> {});
        crew.awaitAll(md5s.begin(crew));
        List<ParFile> right = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).md5of16k().equals(md5s.head(i))) {
                right.add(files.get(i));
            } else {
                verified(files.get(i).length());
            }
        }
        return right;
    }

    private FileMd5s md5s(List<ParFile> files, long most, LongConsumer progress) {
        return new FileMd5s(
                options.engine(),
                warm,
                files.stream().mapToLong(file -> Math.min(file.length(), most)).toArray(),
                () -> FileMd5s.onDisk(i -> targets.get(files.get(i).id())),
                progress);
    }

    private void checkSlices(List<ParFile> files, Crew crew) throws IOException {
        List<SliceMd5s.Place> places =
                files.stream()
                        .map(f -> new SliceMd5s.Place(f, targets.get(f.id()), f.length()))
                        .toList();
        List<BitSet> right = SliceMd5s.inPlace(set, places, options, crew, this::verified);
        for (int i = 0; i < files.size(); i++) {
            ParFile file = files.get(i);
            Path path = targets.get(file.id());
            inPlace.computeIfAbsent(file.id(), id -> new HashMap<>()).put(path, right.get(i));
            if (right.get(i).cardinality() == file.sliceCount()) {
                states.put(file.id(), new FileState.Complete(path));
            }
        }
    }

    private void checkWhole(List<ParFile> files, Crew crew) throws IOException {
        FileMd5s md5s = md5s(files, Long.MAX_VALUE, this::verified);
        crew.awaitAll(md5s.begin(crew));
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).md5().equals(md5s.whole(i))) {
                Path path = targets.get(files.get(i).id());
                states.put(files.get(i).id(), new FileState.Complete(path));
            }
        }
    }

    /** So many bytes more have been looked at, or need not be. */
    private synchronized void verified(long bytes) {
        done = sum(done, bytes);
        options.progress()
                .progress(
                        ProgressListener.Phase.VERIFYING,
                        Math.min(total, done),
                        total);
    }

    /** Lengths of files that have no slices may be anything, and their sum may not fit. */
    private static long sum(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }

    private void locate(ParFile file, Path path) {
        for (int i = 0; i < file.sliceCount(); i++) {
            long offset = i * set.sliceSize();
            int length = (int) Math.min(set.sliceSize(), file.length() - offset);
            located.put(file.firstSlice() + i, new SliceLocation(path, offset, length));
        }
    }

    private boolean isContentBehindHead(ParFile file, Path path, Crew crew) throws IOException {
        Optional<BitSet> slices = slicesInPlace(file, path, crew);
        return slices.isPresent()
                ? slices.get().cardinality() == file.sliceCount()
                : FileDigests.whole(path, n -> {}).equals(file.md5());
    }

    /** Which slices of a file are where they ought to be in {@code path}, if lanes can tell. */
    private Optional<BitSet> slicesInPlace(ParFile file, Path path, Crew crew)
            throws IOException {
        Map<Path, BitSet> known = inPlace.computeIfAbsent(file.id(), id -> new HashMap<>());
        if (known.containsKey(path)) {
            return Optional.of(known.get(path));
        }
        if (!file.hasChecksums()
                || !ManyMd5s.lanesPay(
                        options.engine(), file.sliceCount(), file.length(), warm)) {
            return Optional.empty();
        }
        long length = Math.min(file.length(), Files.size(path));
        List<SliceMd5s.Place> place = List.of(new SliceMd5s.Place(file, path, length));
        BitSet right = SliceMd5s.inPlace(set, place, options, crew, n -> {}).getFirst();
        known.put(path, right);
        return Optional.of(right);
    }

    /** Files beside those of the set that have the content of one that is not complete. */
    private void findRenamed(Set<Path> extras, Crew crew) throws IOException {
        Map<Long, List<ParFile>> wanted = new HashMap<>();
        for (ParFile file : set.files()) {
            if (!isComplete(file) && !isRefused(file) && file.length() > 0) {
                wanted.computeIfAbsent(file.length(), n -> new ArrayList<>()).add(file);
            }
        }
        Set<Path> offered = new HashSet<>();
        for (Path extra : extras) {
            offered.add(extra.toRealPath());
        }
        Set<Path> candidates = neighbours();
        candidates.addAll(extras);
        for (Path path : candidates) {
            List<ParFile> sameLength = wanted.getOrDefault(Files.size(path), List.of());
            Optional<ParFile> match = firstWithContent(sameLength, path, crew);
            if (match.isPresent()) {
                sameLength.remove(match.get());
                renamed(match.get(), path, offered.contains(path.toRealPath()));
            }
        }
    }

    /** Reads {@code path} once, however many files may begin like it. */
    private Optional<ParFile> firstWithContent(List<ParFile> sameLength, Path path, Crew crew)
            throws IOException {
        if (sameLength.isEmpty()) {
            return Optional.empty();
        }
        Hash16 head = FileDigests.head(path);
        List<ParFile> files =
                sameLength.stream().filter(file -> file.md5of16k().equals(head)).toList();
        if (files.size() == 1) {
            return isContentBehindHead(files.getFirst(), path, crew)
                    ? Optional.of(files.getFirst()) : Optional.empty();
        }
        if (files.isEmpty()) {
            return Optional.empty();
        }
        Hash16 md5 = FileDigests.whole(path, n -> {});
        return files.stream().filter(file -> file.md5().equals(md5)).findFirst();
    }

    /** A copy of a damaged file stays what it is and only lends its slices. */
    private void renamed(ParFile file, Path path, boolean offered) {
        if (states.get(file.id()) instanceof FileState.Missing) {
            states.put(file.id(), new FileState.Misnamed(path, offered));
        }
        locate(file, path);
    }

    /** Ordinary files in the folders of the set that are neither of the set nor parity. */
    private Set<Path> neighbours() throws IOException {
        Set<Path> folders = new LinkedHashSet<>(List.of(base));
        targets.values().forEach(path -> folders.add(path.getParent()));
        Set<Path> found = new LinkedHashSet<>();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString().toLowerCase(Locale.ROOT);
                    if (!name.endsWith(".par2")
                            && found.size() < MAX_CANDIDATES
                            && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                            && Files.isReadable(entry)) {
                        found.add(entry);
                    }
                }
            }
        }
        return withoutTargets(found);
    }

    private Set<Path> withoutTargets(Collection<Path> paths) {
        Set<Path> own = new HashSet<>();
        targets.values().forEach(path -> own.add(path.toAbsolutePath().normalize()));
        Set<Path> rest = new LinkedHashSet<>();
        for (Path path : paths) {
            if (Files.isRegularFile(path) && !own.contains(path.toAbsolutePath().normalize())) {
                rest.add(path);
            }
        }
        return rest;
    }

    /** Searches damaged and extra files for slices. */
    private void search(Set<Path> extras, Crew crew) throws IOException {
        BlockScanner scanner = new BlockScanner(set);
        Map<Path, Optional<ParFile>> ordered = new LinkedHashMap<>();
        BitSet atHand = new BitSet();
        located.keySet().forEach(atHand::set);
        long total = 0;
        for (ParFile file : set.recoverable()) {
            if (states.get(file.id()) instanceof FileState.Damaged damaged) {
                ordered.put(damaged.path(), Optional.of(file));
                total += Files.size(damaged.path());
                // What lies in its place in one file need not be looked for in others.
                slicesInPlace(file, damaged.path(), crew).stream()
                        .flatMapToInt(BitSet::stream)
                        .forEach(i -> atHand.set(file.firstSlice() + i));
            }
        }
        for (Path extra : extras) {
            ordered.put(extra, Optional.empty());
            total += Files.size(extra);
        }
        long before = 0;
        for (var entry : ordered.entrySet()) {
            search(scanner, entry.getKey(), entry.getValue(), atHand, before, total, crew);
            located.keySet().forEach(atHand::set);
            before += Files.size(entry.getKey());
        }
    }

    /** A slice that is nowhere itself may equal one that is somewhere. */
    private void shareEqualSlices() {
        Map<SliceChecksum, SliceLocation> known = new HashMap<>();
        for (ParFile file : set.files()) {
            for (int i = 0; i < file.checksums().size(); i++) {
                SliceLocation location = located.get(file.firstSlice() + i);
                if (location != null) {
                    known.putIfAbsent(file.checksums().get(i), location);
                }
            }
        }
        for (ParFile file : set.files()) {
            for (int i = 0; i < file.checksums().size(); i++) {
                SliceLocation location = known.get(file.checksums().get(i));
                if (location != null) {
                    located.putIfAbsent(file.firstSlice() + i, location);
                }
            }
        }
    }

    private void search(
            BlockScanner scanner, Path path, Optional<ParFile> expected, BitSet atHand,
            long before, long total, Crew crew)
            throws IOException {
        Optional<BitSet> known =
                expected.isPresent() ? slicesInPlace(expected.get(), path, crew) : Optional.empty();
        List<BlockScanner.Found> found =
                scanner.scan(
                        path,
                        expected,
                        known,
                        atHand,
                        options.threads(),
                        at ->
                                options.progress().progress(
                                        ProgressListener.Phase.SCANNING, before + at, total));
        for (BlockScanner.Found slice : found) {
            located.putIfAbsent(
                    slice.slice(), new SliceLocation(path, slice.offset(), slice.length()));
        }
        expected.ifPresent(
                file -> {
                    long own =
                            found.stream()
                                    .filter(f -> f.slice() >= file.firstSlice())
                                    .filter(f -> f.slice() < file.endSlice())
                                    .count();
                    states.put(file.id(), new FileState.Damaged(path, (int) own));
                });
    }
}

package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import net.spillway.fec.BlockScanner;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Set;
import net.spillway.fec.ParFile;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.SliceLocation;
import net.spillway.fec.SliceRepairer;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Progress;

/**
 * A recovery set, what was fetched of it, and how it is made whole. A slice counts as there only if
 * its checksums in the set say so; most were hashed when they came, the others are read.
 */
final class ParitySet {
    private static final int BUFFER = 1 << 16;

    private final Par2Set set;
    private final Workplace place;
    private final Map<ParFile, TargetFile> matches = new HashMap<>();
    private final Map<ParFile, Path> results = new HashMap<>();
    private final Set<ParFile> repaired = new HashSet<>();
    private final SliceLocation[] located;
    /** Whether slices were found elsewhere than where they belong: then nothing is overwritten. */
    private boolean displaced;
    private boolean isRepaired;
    private Optional<Syndromes> syndromes = Optional.empty();
    private Optional<ArrivingSlices> hasher = Optional.empty();
    private final Map<Integer, SliceChecksum> computed = new ConcurrentHashMap<>();
    private LongConsumer rebuilt = octets -> { };
    private final AtomicLong readBack = new AtomicLong();

    ParitySet(Par2Set set, Workplace place) {
        this.set = set;
        this.place = place;
        this.located = new SliceLocation[set.sliceCount()];
    }

    Par2Set set() {
        return set;
    }

    /** Hears how many octets of lost slices have just been written. */
    void onRebuilt(LongConsumer listener) {
        rebuilt = listener;
    }

    /** These sums were made of slices as they came. */
    void solveWith(Syndromes sums) {
        syndromes = Optional.of(sums);
    }

    /** Slices that are computed are hashed by this one, if its size is theirs. */
    void hashBy(ArrivingSlices other) {
        hasher = Optional.of(other).filter(h -> h.size() == set.sliceSize());
    }

    /** Octets of what had been fetched that were read again. */
    long readBack() {
        return readBack.get();
    }

    /** Says that a fetched file is this file of the set. */
    void match(ParFile file, TargetFile target) {
        matches.put(file, target);
    }

    Optional<TargetFile> matchOf(ParFile file) {
        return Optional.ofNullable(matches.get(file));
    }

    /** Finds out which slices are right where they belong. */
    void assess() throws IOException {
        for (ParFile file : set.files()) {
            TargetFile target = matches.get(file);
            if (target == null) {
                continue;
            }
            boolean byWhole = file.sliceCount() == 1 || !file.hasChecksums();
            if (byWhole && isWhole(file, target)) {
                for (int i = 0; i < file.sliceCount(); i++) {
                    locateInPlace(file, target, i);
                }
            } else if (isProvenBySlices(file)) {
                assessSlices(file, target);
            }
        }
    }

    private void assessSlices(ParFile file, TargetFile target) throws IOException {
        for (int i = 0; i < file.sliceCount(); i++) {
            long from = i * set.sliceSize();
            int length = set.sliceLength(file.firstSlice() + i);
            SliceChecksum right = file.checksums().get(i);
            boolean hashed = target.checksum(i).filter(right::equals).isPresent();
            if (hashed || target.hasSomethingAt(from, from + length)
                    && right.equals(checksum(target.path(), from, length))) {
                locateInPlace(file, target, i);
            }
        }
    }

    private void locateInPlace(ParFile file, TargetFile target, int i) {
        int slice = file.firstSlice() + i;
        located[slice] = new SliceLocation(
                target.path(), i * set.sliceSize(), set.sliceLength(slice));
    }

    /** For files of one slice too: hashing the slice's padding may cost more than the file. */
    private boolean isWhole(ParFile file, TargetFile target) throws IOException {
        if (target.md5().isPresent()) {
            return target.md5().get().equals(file.md5());
        }
        boolean there = target.hasSomethingAt(0, file.length()) && Files.exists(target.path());
        readBack.addAndGet(there ? file.length() : 0);
        return there && md5(target.path(), file.length()).equals(file.md5());
    }

    private static Hash16 md5(Path path, long length) throws IOException {
        return FileProof.md5(path, length, octets -> { });
    }

    private SliceChecksum checksum(Path path, long from, int length) throws IOException {
        readBack.addAndGet(length);
        MessageDigest md5 = Hash16.newMd5();
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[BUFFER];
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (int done = 0; done < length; ) {
                int n = Math.min(buffer.length, length - done);
                TargetFile.read(channel, from + done, buffer, 0, n);
                md5.update(buffer, 0, n);
                crc.update(buffer, 0, n);
                done += n;
            }
        }
        SliceChecksum.pad(md5, crc, set.sliceSize() - length);
        return new SliceChecksum(Hash16.of(md5), (int) crc.getValue());
    }

    /** Which slices are not there. */
    BitSet missing() {
        BitSet missing = new BitSet();
        for (int i = 0; i < located.length; i++) {
            missing.set(i, located[i] == null);
        }
        return missing;
    }

    /**
     * Searches files for slices wherever they may be in them.
     *
     * @param task is told how many octets have been searched
     */
    void search(Collection<TargetFile> files, Progress.Task task) throws IOException {
        long before = 0;
        BlockScanner scanner = new BlockScanner(set);
        for (TargetFile file : files) {
            if (Files.exists(file.path())) {
                for (BlockScanner.Found found
                        : scanner.scan(file.path(), Optional.empty(), searched(task, before))) {
                    if (located[found.slice()] == null) {
                        located[found.slice()] = new SliceLocation(
                                file.path(), found.offset(), found.length());
                        displaced = true;
                    }
                }
                before += Files.size(file.path());
            }
        }
    }

    private static LongConsumer searched(Progress.Task task, long before) {
        return at -> task.at(before + at);
    }

    /** Whether all slices of a file are there. */
    boolean isWhole(ParFile file) {
        for (int i = file.firstSlice(); i < file.endSlice(); i++) {
            if (located[i] == null) {
                return false;
            }
        }
        return true;
    }

    /** Computes the missing slices, and puts every file of the set together. */
    void repair(Par2Archive archive, ParityOptions options) throws IOException {
        BitSet missing = missing();
        for (ParFile file : set.files()) {
            results.put(file, resultOf(file));
            if (!isWhole(file)) {
                repaired.add(file);
            }
        }
        if (!missing.isEmpty() && !isSolved(missing, archive)) {
            SliceRepairer.repair(set.sliceCount(), set.sliceSize(), missing, this::read,
                    archive.recovery(), this::take, options);
        }
        hasher.ifPresent(ArrivingSlices::finish);
        for (ParFile file : set.files()) {
            finish(file, missing);
        }
        isRepaired = true;
    }

    /** Whether what was summed on the way was enough. */
    private boolean isSolved(BitSet missing, Par2Archive archive) throws IOException {
        return syndromes.isPresent() && syndromes.get().solve(missing,
                (slice, into) -> read(slice, 0, into, 0, into.length), archive.recovery(),
                this::take);
    }

    /** The fetched file itself where only gaps in it have to be filled; else a new one. */
    private Path resultOf(ParFile file) throws IOException {
        TargetFile target = matches.get(file);
        boolean stays = target != null
                && (isInPlace(file, target) || !displaced && !target.isSomebodysOwn());
        return stays ? target.path() : place.fresh();
    }

    /** Whether all slices of a file are where they belong. */
    boolean isInPlace(ParFile file, TargetFile target) {
        for (int i = file.firstSlice(); i < file.endSlice(); i++) {
            if (located[i] == null || !located[i].file().equals(target.path())
                    || located[i].offset() != set.sliceOffset(i)) {
                return false;
            }
        }
        return true;
    }

    private void read(int slice, long from, byte[] dst, int offset, int length)
            throws IOException {
        SliceLocation at = located[slice];
        int there = Math.clamp(at.length() - from, 0, length);
        if (there > 0) {
            readBack.addAndGet(there);
            try (FileChannel channel = FileChannel.open(at.file(), StandardOpenOption.READ)) {
                TargetFile.read(channel, at.offset() + from, dst, offset, there);
            }
        }
        Arrays.fill(dst, offset + there, offset + length, (byte) 0);
    }

    /** Takes what was computed: hashed while it is in memory, if it is a whole slice to be proven. */
    private void take(int slice, long from, byte[] data, int offset, int length)
            throws IOException {
        write(slice, from, data, offset, length);
        ParFile file = set.fileOf(slice);
        if (length == set.sliceSize() && isProvenBySlices(file)) {
            hasher.ifPresentOrElse(
                    h -> h.add(data, offset, sum -> computed.put(slice, sum)),
                    () -> computed.put(slice,
                            SliceChecksum.of(data, offset, length, set.sliceSize())));
        }
    }

    private void write(int slice, long from, byte[] data, int offset, int length)
            throws IOException {
        int n = Math.clamp(set.sliceLength(slice) - from, 0, length);
        rebuilt.accept(length);
        TargetFile.write(results.get(set.fileOf(slice)), set.sliceOffset(slice) + from, data,
                offset, n);
    }

    private void finish(ParFile file, BitSet missing) throws IOException {
        Path result = results.get(file);
        TargetFile target = matches.get(file);
        if (target != null && result.equals(target.path()) && isInPlace(file, target)) {
            trim(result, file.length());
            return;
        }
        byte[] buffer = new byte[BUFFER];
        for (int i = file.firstSlice(); i < file.endSlice(); i++) {
            if (missing.get(i)) {
                located[i] = new SliceLocation(result, set.sliceOffset(i), set.sliceLength(i));
            } else if (!located[i].file().equals(result)) {
                copy(i, buffer);
            }
        }
        trim(result, file.length());
        check(file, result, missing);
    }

    private void copy(int slice, byte[] buffer) throws IOException {
        int length = set.sliceLength(slice);
        for (int done = 0; done < length; done += buffer.length) {
            int n = Math.min(buffer.length, length - done);
            read(slice, done, buffer, 0, n);
            write(slice, done, buffer, 0, n);
        }
    }

    /** Cuts or makes the file so that it has its length. */
    static void trim(Path path, long length) throws IOException {
        if (Files.exists(path) && Files.size(path) == length) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    /** What was computed has to have the right checksums as well. */
    private void check(ParFile file, Path result, BitSet missing) throws IOException {
        boolean right = isProvenBySlices(file)
                ? wrongSlices(file, result, missing).isEmpty()
                : md5(result, file.length()).equals(file.md5());
        if (!right || Files.size(result) != file.length()) {
            throw new CommandFailure(ExitCode.FAILED, "Repair gave wrong octets for "
                    + file.name() + ": the parity contradicts its own checksums.");
        }
    }

    private static boolean isProvenBySlices(ParFile file) {
        return file.hasChecksums() && file.sliceCount() > 1;
    }

    private List<Integer> wrongSlices(ParFile file, Path result, BitSet missing)
            throws IOException {
        List<Integer> wrong = new ArrayList<>();
        for (int i = file.firstSlice(); i < file.endSlice(); i++) {
            if (missing.get(i) && !set.checksum(i).equals(computed.containsKey(i)
                    ? computed.get(i)
                    : checksum(result, set.sliceOffset(i), set.sliceLength(i)))) {
                wrong.add(i);
            }
        }
        return wrong;
    }

    /** Whether slices of this file had to be computed. */
    boolean wasRepaired(ParFile file) {
        return repaired.contains(file);
    }

    /** The files in which slices were found. */
    Set<Path> sources() {
        return Arrays.stream(located).filter(Objects::nonNull).map(SliceLocation::file)
                .collect(Collectors.toSet());
    }

    /** Where a file lies after {@link #repair}. */
    Path result(ParFile file) {
        return results.get(file);
    }

    /** Whether {@link #repair} has made all files whole. */
    boolean isRepaired() {
        return isRepaired;
    }
}

package net.spillway.tools.fetch;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.spillway.fec.Par2Set;
import net.spillway.fec.RecoveryPacket;
import net.spillway.fec.VolumeNames;
import net.spillway.fec.engine.Engines;
import net.spillway.protocol.MessageId;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;

/**
 * A manifest sorted into what has to be fetched and what may have to be. In our own manifests the
 * notes tell data from parity; in others the names do.
 */
final class Sources implements AutoCloseable {
    /** PAR2's own limits, without which a size in a manifest is not believed. */
    private static final int MOST_SLICES = 32768;

    /** Octets of data from which on slices are hashed several at a time. */
    private static final long WORTH_LANES = 768L << 20;

    private final List<TargetFile> data = new ArrayList<>();
    private final List<ParityGroup> parity = new ArrayList<>();
    private final List<FileNote> empty = new ArrayList<>();
    private final List<String> folders = new ArrayList<>();
    private final Map<String, FileTime> modified = new HashMap<>();
    private final int articlesPerSlice;
    private final boolean ours;
    private Optional<ArrivingSlices> hasher = Optional.empty();

    /** For a fetch in that place. */
    Sources(NzbFile nzb, Workplace place) {
        this(nzb, place::next, Optional.of(place.journal()));
    }

    /** For nothing to be written. */
    Sources(NzbFile nzb) {
        this(nzb, () -> Path.of("nothing"), Optional.empty());
    }

    private Sources(NzbFile nzb, Supplier<Path> names, Optional<Journal> journal) {
        Map<MessageId, FileNote> notes = new HashMap<>();
        for (NzbFile.Meta meta : nzb.meta()) {
            switch (meta.type()) {
                case NzbFile.FILE -> FileNote.parse(meta.value()).ifPresent(note ->
                        note.firstArticle().ifPresentOrElse(
                                id -> notes.put(id, note), () -> empty.add(note)));
                case NzbFile.FOLDER -> folders.add(meta.value());
                case NzbFile.MODIFIED -> modified(meta.value());
                default -> { } // Somebody else's.
            }
        }
        Map<String, List<TargetFile>> byStem = new LinkedHashMap<>();
        int index = 0;
        for (NzbFile.Entry entry : nzb.entries()) {
            Optional<FileNote> note =
                    Optional.ofNullable(notes.get(entry.segments().getFirst().id()));
            TargetFile file = new TargetFile(entry, note, index++, names.get(), journal);
            if (note.isEmpty() && entry.isParity()) {
                String stem = VolumeNames.stem(entry.subjectName().orElseThrow());
                byStem.computeIfAbsent(stem, s -> new ArrayList<>()).add(file);
            } else {
                data.add(file);
            }
        }
        for (List<TargetFile> files : byStem.values()) {
            Map<Boolean, List<TargetFile>> sorted = files.stream().collect(
                    Collectors.partitioningBy(file -> file.entry().volume().isPresent()));
            parity.add(new ParityGroup(sorted.get(false), sorted.get(true)));
        }
        articlesPerSlice = (int) number(nzb, NzbFile.RECOVERY_ARTICLES, 1, MOST_SLICES);
        hashOnTheWay(number(nzb, NzbFile.SLICE_SIZE, 4, 1 << 30));
        ours = !data.isEmpty() && data.stream().allMatch(file -> file.sliceSize() > 0)
                && parity.size() <= 1;
        if (ours) {
            data.forEach(file -> slicesOf(file).articleSize().ifPresent(file::hasPartsOf));
        }
    }

    private void modified(String value) {
        int blank = value.indexOf(' ');
        try {
            modified.put(value.substring(blank + 1),
                    FileTime.from(Instant.parse(value.substring(0, Math.max(0, blank)))));
        } catch (DateTimeParseException e) {
            // No time: then the file is as old as it is.
        }
    }

    /** When a file was last changed where it was posted, if the manifest says so. */
    Optional<FileTime> modifiedAt(String path) {
        return Optional.ofNullable(modified.get(path));
    }

    /** Folders with nothing in them. */
    List<String> folders() {
        return folders;
    }

    /** Whether notes tell of all data files what slices they have, and parity is one set. */
    boolean isOurs() {
        return ours;
    }

    /** The slices of a file in a manifest of ours. */
    SliceMap slicesOf(TargetFile file) {
        return new SliceMap(file.note().orElseThrow().length(), file.wanted().size(),
                file.sliceSize(), Math.max(1, articlesPerSlice));
    }

    /** A number of our own among the meta lines; 0 if there is none in these bounds. */
    private static long number(NzbFile nzb, String type, long least, long most) {
        return nzb.first(type).filter(value -> value.matches("[0-9]{1,10}"))
                .map(Long::parseLong).filter(n -> n >= least && n <= most).orElse(0L);
    }

    private void hashOnTheWay(long sliceSize) {
        if (sliceSize % 4 == 0 && sliceSize > 0) {
            long all = data.stream().flatMap(file -> file.note().stream())
                    .mapToLong(FileNote::length).sum();
            if (parity.isEmpty()) { // Nothing tells what the hashes should be.
                known(sliceSize).forEach(file -> file.hasSlicesOf(sliceSize));
                return;
            }
            // Kernels have to be compiled first, which costs about what this saves for so much.
            hasher = all < WORTH_LANES && !Engines.compilesAnyhow() ? Optional.empty()
                    : Optional.of(new ArrivingSlices((int) sliceSize, all));
            known(sliceSize).forEach(file -> hasher.ifPresentOrElse(file::hashSlicesBy,
                    () -> file.hashSlicesOf(sliceSize)));
        }
    }

    /** Data files with a note that can be believed. */
    private Stream<TargetFile> known(long sliceSize) {
        return data.stream().filter(file -> file.note()
                .filter(note -> note.length() / sliceSize < MOST_SLICES).isPresent());
    }

    /** Hashes slices several at a time, if there is so much that it pays. */
    Optional<ArrivingSlices> hasher() {
        return hasher;
    }

    /** All that came of data has been hashed when this returns. */
    void finishHashing() {
        hasher.ifPresent(ArrivingSlices::finish);
    }

    /** Gives back the memory of hashing. */
    @Override
    public void close() {
        hasher.ifPresent(ArrivingSlices::close);
    }

    /** Files proper. */
    List<TargetFile> data() {
        return data;
    }

    /** Parity files, by what their names begin with. */
    List<ParityGroup> parity() {
        return parity;
    }

    /** All parity files. */
    List<TargetFile> parityFiles() {
        return parity.stream().flatMap(group -> group.files().stream()).toList();
    }

    /** These files turned out to be parity; the smallest is as good as an index. */
    void areParity(List<TargetFile> files) {
        data.removeAll(files);
        List<TargetFile> sorted = new ArrayList<>(files);
        sorted.sort(Comparator.comparingLong(TargetFile::bytes));
        parity.add(new ParityGroup(sorted.subList(0, 1), sorted.subList(1, sorted.size())));
    }

    /** Files without any octet, which have no articles. */
    List<FileNote> empty() {
        return empty;
    }

    /**
     * What recovery slices of a set can be had by fetching what. In our own volumes each recovery
     * slice has articles of its own; in others, only a whole volume is sure to give what it
     * promises.
     */
    List<RecoveryUnit> recoveryUnits(Par2Set set) {
        return recoveryUnits(parity.stream().filter(group -> group.sets().contains(set.id()))
                .flatMap(group -> group.volumes().stream()).toList(), set.sliceSize());
    }

    /** The articles of these files. */
    static List<Wanted> articles(List<TargetFile> of) {
        return of.stream().flatMap(file -> file.wanted().stream()).toList();
    }

    /** The same for all parity there is. */
    List<RecoveryUnit> recoveryUnits() {
        return recoveryUnits(parity.stream().flatMap(g -> g.volumes().stream()).toList(), 0);
    }

    /** What a volume's name promises or, where that is disguised, how many have room in it. */
    private static int promised(TargetFile file, long sliceSize) {
        return file.entry().volume().map(NzbFile.Volume::count).orElseGet(() -> (int) Math.clamp(
                file.bytes() / Math.max(1, sliceSize + RecoveryPacket.OVERHEAD), 1, MOST_SLICES));
    }

    private List<RecoveryUnit> recoveryUnits(List<TargetFile> volumes, long sliceSize) {
        List<RecoveryUnit> units = new ArrayList<>();
        for (TargetFile file : volumes) {
            List<Wanted> articles = file.wanted();
            int promised = promised(file, sliceSize);
            if (file.entry().volume().isEmpty() || articlesPerSlice == 0
                    || promised > articles.size() / articlesPerSlice) {
                units.add(new RecoveryUnit(articles, promised, OptionalInt.empty()));
                continue;
            }
            for (int i = 0; i < promised; i++) {
                int from = i * articlesPerSlice;
                units.add(new RecoveryUnit(articles.subList(from, from + articlesPerSlice), 1,
                        OptionalInt.of(file.entry().volume().orElseThrow().first() + i)));
            }
        }
        return units;
    }

    /**
     * Articles that together carry recovery slices.
     *
     * @param slices how many
     * @param exponent of the one slice in articles of its own
     */
    record RecoveryUnit(List<Wanted> articles, int slices, OptionalInt exponent) {}
}

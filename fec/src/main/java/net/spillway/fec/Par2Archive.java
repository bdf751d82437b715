package net.spillway.fec;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketProblem;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;

/**
 * A set with the recovery slices that were found for it.
 *
 * @param set what the critical packets say
 * @param recovery recovery slices by exponent
 * @param rivals by exponent, other recovery slices that claim it too: one of them lies
 * @param problems packets that had to be skipped, the first of them
 * @param problemCount how many had to be skipped in all
 * @param files files that have packets of this set and of no other
 * @param foreign files that have sound packets of one other set, and of no more
 * @param mixed files that have sound packets of several sets
 */
public record Par2Archive(
        Par2Set set,
        SortedMap<Integer, SliceData> recovery,
        SortedMap<Integer, List<SliceData>> rivals,
        List<PacketProblem> problems,
        int problemCount,
        List<Path> files,
        List<Path> foreign,
        List<Path> mixed) {
    public Par2Archive {
        recovery = Collections.unmodifiableSortedMap(new TreeMap<>(recovery));
        rivals = Collections.unmodifiableSortedMap(new TreeMap<>(rivals));
        problems = List.copyOf(problems);
        files = List.copyOf(files);
        foreign = List.copyOf(foreign);
        mixed = List.copyOf(mixed);
    }

    /** What was found in no file; no recovery slice has a rival. */
    public Par2Archive(
            Par2Set set, SortedMap<Integer, SliceData> recovery, List<PacketProblem> problems) {
        this(set, recovery, new TreeMap<>(), problems, problems.size(), List.of(), List.of(),
                List.of());
    }

    /**
     * Opens the set that a .par2 file belongs to, with all volumes beside it: files in the same
     * folder whose names begin like its own and end in .par2. Packets of other sets are left out.
     *
     * @throws Par2Exception if there is no complete set
     */
    public static Par2Archive open(Path file) throws IOException {
        return open(volumesBeside(file));
    }

    /** A .par2 file and those beside it whose names begin like its own, itself first. */
    public static List<Path> volumesBeside(Path file) throws IOException {
        List<Path> files = new ArrayList<>(List.of(file));
        files.addAll(beside(file));
        return files;
    }

    /**
     * Opens the set that the first of these files belongs to, with the best engine on all
     * processors.
     *
     * @throws Par2Exception if there is no complete set
     */
    public static Par2Archive open(Collection<Path> files) throws IOException {
        return open(files, ParityOptions.defaults());
    }

    /**
     * Opens the set that the first of these files belongs to.
     *
     * @param options of which engine and threads count
     * @throws Par2Exception if there is no complete set
     */
    public static Par2Archive open(Collection<Path> files, ParityOptions options)
            throws IOException {
        Par2Collector collector = new Par2Collector();
        collector.add(files, options);
        List<Hash16> ids = collector.setIds();
        if (ids.isEmpty()) {
            String why =
                    collector.problems().isEmpty()
                            ? "no PAR2 packet was found in " + names(files)
                            : "no good PAR2 packet was found: " + collector.problems().getFirst();
            throw new Par2Exception(Par2Exception.Kind.NOT_PAR2, why);
        }
        return collector.archive(ids.getFirst());
    }

    private static String names(Collection<Path> files) {
        return String.join(", ", files.stream().map(f -> f.getFileName().toString()).toList());
    }

    /** The volumes that lie beside a .par2 file, without itself, sorted by name. */
    private static List<Path> beside(Path file) throws IOException {
        String stem = VolumeNames.stem(file.getFileName().toString());
        Path folder = file.toAbsolutePath().getParent();
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                boolean fits =
                        name.startsWith(stem + ".")
                                && name.toLowerCase(Locale.ROOT).endsWith(".par2");
                if (fits && Files.isRegularFile(entry) && !Files.isSameFile(entry, file)) {
                    found.add(entry);
                }
            }
        }
        Collections.sort(found);
        return found;
    }

    /** The exponents of the recovery slices at hand, lowest first. */
    public List<Integer> exponents() {
        return List.copyOf(recovery.keySet());
    }
}

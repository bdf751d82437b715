package net.spillway.fec.par1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.spillway.fec.packet.PacketProblem;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;

/**
 * A set with the volumes that were found for it.
 *
 * @param set what the list of files says
 * @param volumes parity by the number of its volume, 1..255
 * @param problems volumes that could not be used
 */
public record Par1Archive(
        Par1Set set, SortedMap<Integer, SliceData> volumes, List<PacketProblem> problems) {
    /** Volumes beside one that are looked at: each number twice, in capitals and not. */
    private static final int MAX_VOLUMES = 2 * (Par1Format.MAX_NUMBER + 1);

    public Par1Archive {
        volumes = Collections.unmodifiableSortedMap(new TreeMap<>(volumes));
        problems = List.copyOf(problems);
    }

    /**
     * Opens the set that a volume belongs to, with all volumes beside it that have its name but for
     * the ending.
     *
     * @throws Par2Exception if none of them is good
     */
    public static Par1Archive open(Path file) throws IOException {
        return open(volumesBeside(file));
    }

    /** A volume and all beside it that have its name but for the ending, itself first. */
    public static List<Path> volumesBeside(Path file) throws IOException {
        List<Path> files = new ArrayList<>(List.of(file));
        files.addAll(beside(file));
        return files;
    }

    /**
     * Opens the set of the first of these files that is a good volume; volumes of other sets are
     * left out.
     *
     * @throws Par2Exception if none of them is good, with what is wrong with the first
     */
    public static Par1Archive open(Collection<Path> files) throws IOException {
        List<PacketProblem> problems = new ArrayList<>();
        SortedMap<Integer, SliceData> found = new TreeMap<>();
        Par2Exception first = null;
        Par1Set set = null;
        for (Path file : files) {
            try {
                Par1Volume volume = Par1Reader.read(file);
                set = set == null ? volume.set() : set;
                take(file, volume, set, found, problems);
            } catch (Par2Exception e) {
                first = first == null ? e : first;
                problems.add(e.problem().orElseGet(() -> new PacketProblem(
                        file.getFileName().toString(), 0, e.getMessage())));
            }
        }
        if (set == null) {
            throw first;
        }
        return new Par1Archive(set, found, problems);
    }

    private static void take(
            Path file,
            Par1Volume volume,
            Par1Set set,
            SortedMap<Integer, SliceData> found,
            List<PacketProblem> problems) {
        String why = null;
        if (!volume.set().equals(set)) {
            why = "the volume belongs to another set";
        } else if (volume.number() > 0 && volume.data().length() < set.blockSize()) {
            why = "volume " + volume.number() + " has " + volume.data().length()
                    + " bytes of parity, but the longest file has " + set.blockSize();
        } else if (volume.number() > 0
                && found.putIfAbsent(volume.number(), volume.data()) != null) {
            why = "volume " + volume.number() + " is there already";
        }
        if (why != null) {
            problems.add(new PacketProblem(file.getFileName().toString(), 0, why));
        }
    }

    private static List<Path> beside(Path file) throws IOException {
        String stem = Par1Names.stem(file.getFileName().toString());
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(file.toAbsolutePath().getParent())) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!Par1Names.stem(name).equals(name)
                        && Par1Names.stem(name).equals(stem)
                        && found.size() < MAX_VOLUMES
                        && Par1Names.isVolume(entry)
                        && !Files.isSameFile(entry, file)) {
                    found.add(entry);
                }
            }
        }
        Collections.sort(found);
        return found;
    }
}

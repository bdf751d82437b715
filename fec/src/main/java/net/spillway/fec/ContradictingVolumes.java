package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketProblem;
import net.spillway.fec.packet.PacketScanner;
import net.spillway.fec.packet.PacketVisitor;
import net.spillway.fec.packet.Par2Packet;

/**
 * Finds volumes beside a new set that would spoil it: they carry its name and its ID, but describe
 * its files as they were. A set's ID stands for the names, lengths and beginnings of its files
 * alone (PAR 2.0, Main packet), so files that changed further behind leave it as it is; and of two
 * descriptions of a file nobody can tell which is right.
 */
final class ContradictingVolumes {
    private ContradictingVolumes() {}

    /**
     * Those in a folder.
     *
     * @param stem the set's name without {@code .par2}
     * @param besides files that are not looked at: those of the set itself
     */
    static List<Path> in(Path folder, String stem, Collection<Path> besides, Par2Set set)
            throws IOException {
        Set<Path> own = new HashSet<>();
        besides.forEach(path -> own.add(path.getFileName()));
        List<Path> siblings;
        try (Stream<Path> all = Files.list(folder)) {
            siblings = all.filter(path -> !own.contains(path.getFileName())
                    && VolumeNames.isVolumeOf(stem, path.getFileName().toString())
                    && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
        }
        if (siblings.isEmpty()) {
            return siblings;
        }
        Descriptions ours = new Descriptions(set.id());
        for (byte[] packet : set.criticalPackets()) {
            PacketScanner.scan("the new set", packet, ours);
        }
        List<Path> contradicting = new ArrayList<>();
        for (Path sibling : siblings) {
            Descriptions theirs = new Descriptions(set.id());
            try {
                PacketScanner.scan(sibling, theirs);
            } catch (IOException e) {
                continue; // What cannot be read contradicts nothing.
            }
            if (!ours.md5s.containsAll(theirs.md5s)) {
                contradicting.add(sibling);
            }
        }
        return contradicting;
    }

    /** The MD5s of packets that say what the files of a set are. */
    private static final class Descriptions implements PacketVisitor {
        private final Hash16 set;
        private final Set<Hash16> md5s = new HashSet<>();

        Descriptions(Hash16 set) {
            this.set = set;
        }

        @Override
        public boolean wants(Hash16 setId, Hash16 md5, long offset) {
            return setId.equals(set);
        }

        @Override
        public void packet(Par2Packet packet, Hash16 md5, long offset) {
            if (packet instanceof Par2Packet.FileDesc
                    || packet instanceof Par2Packet.SliceChecksums) {
                md5s.add(md5);
            }
        }

        @Override
        public void problem(PacketProblem problem) {
            // Only what is good can contradict.
        }
    }
}

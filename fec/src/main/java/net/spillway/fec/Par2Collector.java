package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketFormat;
import net.spillway.fec.packet.PacketProblem;
import net.spillway.fec.packet.PacketScanner;
import net.spillway.fec.packet.PacketVisitor;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.Par2Packet;
import net.spillway.fec.packet.SliceChecksum;
import net.spillway.fec.packet.SliceData;

/**
 * Gathers packets from files and from memory, keeps those of different sets apart, and makes sets
 * of them. Equal packets count once. Not thread-safe.
 */
public final class Par2Collector {
    /** Problems beyond these are counted only: a hostile file may have millions. */
    private static final int MAX_PROBLEMS = 100;

    /** Different packets, in all sets: twice what the largest honest set has. */
    private static final int MAX_PACKETS = 200_000;

    /**
     * Bytes of packets kept, not counting recovery slices, which stay where they are. In memory it
     * is three times as much. The largest honest set with names of 200 bytes needs half of it.
     */
    private static final long MAX_BYTES = 24L << 20;

    /** Sets kept apart; nobody has that many in one folder. */
    private static final int MAX_SETS = 10_000;

    /** Recovery slices of one exponent that are kept until the size of slices is known. */
    private static final int MAX_RIVALS = 4;

    private static final String TOO_MANY = "too many different packets; ignored";

    /** The set that all packets of a file belong to, or nothing if they belong to several. */
    private final Map<Path, Optional<Hash16>> files = new LinkedHashMap<>();

    /** The same of packets that are sound. */
    private final Map<Path, Optional<Hash16>> sound = new LinkedHashMap<>();

    private final Map<Hash16, Pieces> sets = new LinkedHashMap<>();
    private final Set<Hash16> seen = new HashSet<>();
    private final List<PacketProblem> problems = new ArrayList<>();
    private int problemCount;
    private int packetCount;
    private long byteCount;

    /** What is known of one set. */
    private static final class Pieces {
        Located<Par2Packet.Main> main;
        final Map<Hash16, Located<Par2Packet.FileDesc>> files = new HashMap<>();
        final Map<Hash16, Located<Par2Packet.SliceChecksums>> checksums = new HashMap<>();
        final Map<Hash16, String> unicodeNames = new HashMap<>();
        final SortedMap<Integer, List<Located<Par2Packet.RecoverySlice>>> recovery =
                new TreeMap<>();
        String creator = "";
        Par2Exception contradiction;
    }

    /** A packet and where it stands. */
    private record Located<P extends Par2Packet>(P packet, Hash16 md5, String file, long offset) {}

    /** Adds all packets of a file, which must not change before its recovery slices were read. */
    public void add(Path file) throws IOException {
        add(List.of(file), ParityOptions.defaults().withThreads(1));
    }

    /** The same with several files, one after the other. */
    void add(Collection<Path> some, ParityOptions options) throws IOException {
        try (Crew crew = new Crew(options.threads());
                LaneHasher hasher = new LaneHasher(options.engine(), crew)) {
            for (Path file : some) {
                String name = file.getFileName().toString();
                PacketScanner.scan(file, new Visitor(name, Optional.of(file)), hasher);
                hasher.expect(dataLength());
            }
        }
    }

    /** Bytes of all files described so far, which are going to be hashed as well. */
    private long dataLength() {
        double sum = 0; // Lengths may be anything.
        for (Pieces pieces : sets.values()) {
            for (Located<Par2Packet.FileDesc> file : pieces.files.values()) {
                sum += file.packet().length();
            }
        }
        return (long) sum;
    }

    /** Adds all packets among some bytes, which must not change afterwards. */
    public void add(String name, byte[] bytes) {
        PacketScanner.scan(name, bytes, new Visitor(name, Optional.empty()));
    }

    /** The IDs of all sets of which there was a packet, in the order they were met. */
    public List<Hash16> setIds() {
        return List.copyOf(sets.keySet());
    }

    /** The exponents of the recovery slices found for a set, lowest first. */
    public List<Integer> exponents(Hash16 setId) {
        Pieces pieces = sets.get(setId);
        return pieces == null ? List.of() : List.copyOf(pieces.recovery.keySet());
    }

    /** Packets that were skipped, at most the first {@value #MAX_PROBLEMS}. */
    public List<PacketProblem> problems() {
        return Collections.unmodifiableList(problems);
    }

    /** How many packets were skipped. */
    public int problemCount() {
        return problemCount;
    }

    private final class Visitor implements PacketVisitor {
        private final String file;
        private final Optional<Path> path;

        Visitor(String file, Optional<Path> path) {
            this.file = file;
            this.path = path;
        }

        @Override
        public boolean wants(Hash16 setId, Hash16 md5, long offset) {
            path.ifPresent(p -> files.merge(p, Optional.of(setId), Par2Collector::same));
            if (seen.contains(md5)) {
                isSound(setId);
                return false;
            }
            boolean full = packetCount == MAX_PACKETS
                    || sets.size() == MAX_SETS && !sets.containsKey(setId);
            if (full) {
                note(file, offset, TOO_MANY);
            }
            return !full;
        }

        @Override
        public void packet(Par2Packet packet, Hash16 md5, long offset) {
            isSound(packet.setId());
            if (packet instanceof Par2Packet.Unknown || isOfNoUse(packet)) {
                return;
            }
            if (byteCount + size(packet) > MAX_BYTES) {
                note(file, offset, TOO_MANY);
                return;
            }
            seen.add(md5);
            packetCount++;
            byteCount += size(packet);
            Pieces pieces = sets.computeIfAbsent(packet.setId(), id -> new Pieces());
            keep(pieces, packet, md5, offset);
        }

        private void isSound(Hash16 setId) {
            path.ifPresent(p -> sound.merge(p, Optional.of(setId), Par2Collector::same));
        }

        /** A Unicode name of a file whose description has its name in UTF-8, as ours do. */
        private boolean isOfNoUse(Par2Packet packet) {
            if (!(packet instanceof Par2Packet.UnicodeName name)
                    || !sets.containsKey(packet.setId())) {
                return false;
            }
            var described = sets.get(packet.setId()).files.get(name.fileId());
            return described != null && described.packet().utf8();
        }

        /** No switch over types, for which the JVM would have to make code at the first one. */
        private void keep(Pieces pieces, Par2Packet packet, Hash16 md5, long offset) {
            if (packet instanceof Par2Packet.RecoverySlice p) {
                var rivals = pieces.recovery.computeIfAbsent(
                        p.exponent(), e -> new ArrayList<>(1));
                if (rivals.size() < MAX_RIVALS) {
                    rivals.add(new Located<>(p, md5, file, offset));
                } else {
                    problem(repeated(file, offset, p.exponent()));
                }
            } else if (packet instanceof Par2Packet.Main p) {
                pieces.main = new Located<>(p, md5, file, offset);
            } else if (packet instanceof Par2Packet.FileDesc p) {
                put(pieces, pieces.files, p.fileId(), new Located<>(p, md5, file, offset));
            } else if (packet instanceof Par2Packet.SliceChecksums p) {
                put(pieces, pieces.checksums, p.fileId(), new Located<>(p, md5, file, offset));
            } else if (packet instanceof Par2Packet.Creator p) {
                pieces.creator = p.text();
            } else if (packet instanceof Par2Packet.UnicodeName p) {
                pieces.unicodeNames.putIfAbsent(p.fileId(), p.name());
            }
        }

        /** Two different packets of one file: neither can be trusted, so the set is not used. */
        private <P extends Par2Packet> void put(
                Pieces pieces, Map<Hash16, Located<P>> map, Hash16 id, Located<P> located) {
            Located<P> other = map.putIfAbsent(id, located);
            if (other != null && pieces.contradiction == null) {
                pieces.contradiction =
                        new Par2Exception(
                                Par2Exception.Kind.CONTRADICTION,
                                file,
                                located.offset(),
                                "the packet contradicts the one in "
                                        + other.file()
                                        + " at offset "
                                        + other.offset());
            }
        }

        @Override
        public void problem(PacketProblem problem) {
            note(problem);
        }
    }

    private static Optional<Hash16> same(Optional<Hash16> before, Optional<Hash16> now) {
        return before.equals(now) ? before : Optional.empty();
    }

    /** The files that have packets of a set and of no other. */
    private List<Path> filesOf(Hash16 setId) {
        return files.entrySet().stream()
                .filter(file -> file.getValue().equals(Optional.of(setId)))
                .map(Map.Entry::getKey)
                .toList();
    }

    private List<Path> foreign(Hash16 setId) {
        return sound.entrySet().stream()
                .filter(file -> file.getValue().filter(id -> !id.equals(setId)).isPresent())
                .map(Map.Entry::getKey)
                .toList();
    }

    private List<Path> mixed() {
        return sound.entrySet().stream()
                .filter(file -> file.getValue().isEmpty()).map(Map.Entry::getKey).toList();
    }

    private void note(String file, long offset, String message) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new PacketProblem(file, offset, message));
        }
        problemCount++;
    }

    private void note(PacketProblem problem) {
        problemCount++;
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        }
    }

    private static PacketProblem repeated(String file, long offset, int exponent) {
        return new PacketProblem(
                file, offset, "another recovery slice has the exponent " + exponent);
    }

    /** About as many bytes as a packet has; nothing of one that is not known. */
    private static long size(Par2Packet packet) {
        if (packet instanceof Par2Packet.Main p) {
            return 16L * (p.recoverable().size() + p.others().size());
        } else if (packet instanceof Par2Packet.FileDesc p) {
            return 120L + p.name().length();
        } else if (packet instanceof Par2Packet.SliceChecksums p) {
            return 80L + 20L * p.checksums().size();
        } else if (packet instanceof Par2Packet.RecoverySlice) {
            return PacketFormat.RECOVERY_HEADER;
        } else if (packet instanceof Par2Packet.Creator p) {
            return PacketFormat.HEADER + p.text().length();
        } else if (packet instanceof Par2Packet.UnicodeName p) {
            return PacketFormat.HEADER + 2L * p.name().length();
        }
        return 0;
    }

    /**
     * What has been gathered of a set.
     *
     * @throws Par2Exception if the set is not complete or contradicts itself, naming the place
     */
    public Par2Archive archive(Hash16 setId) throws Par2Exception {
        Pieces pieces = sets.get(setId);
        if (pieces == null || pieces.main == null) {
            throw new Par2Exception(
                    Par2Exception.Kind.INCOMPLETE,
                    "no Main packet of set " + setId + " was found" + firstProblem());
        }
        if (pieces.contradiction != null) {
            throw pieces.contradiction;
        }
        Par2Packet.Main main = pieces.main.packet();
        Par2Layout layout = layout(pieces, main);
        List<ParFile> files = new ArrayList<>();
        for (Hash16 id : main.recoverable()) {
            files.add(file(pieces, id, layout.entry(id)));
        }
        List<ParFile> others = new ArrayList<>();
        for (Hash16 id : main.others()) {
            others.add(file(pieces, id, new Par2Layout.Entry(id, 0, 0, 0)));
        }
        Par2Set set =
                new Par2Set(
                        setId,
                        main.sliceSize(),
                        files,
                        others,
                        unlistedEmpties(pieces, main),
                        pieces.creator);
        SortedMap<Integer, List<SliceData>> claims = recovery(pieces, main.sliceSize());
        SortedMap<Integer, SliceData> first = new TreeMap<>();
        SortedMap<Integer, List<SliceData>> rivals = new TreeMap<>();
        claims.forEach((exponent, all) -> {
            first.put(exponent, all.getFirst());
            if (all.size() > 1) {
                rivals.put(exponent, List.copyOf(all.subList(1, all.size())));
            }
        });
        return new Par2Archive(set, first, rivals, problems, problemCount, filesOf(setId),
                foreign(setId), mixed());
    }

    /** Empty files that are described but not listed; other unlisted files mean nothing. */
    private List<ParFile> unlistedEmpties(Pieces pieces, Par2Packet.Main main)
            throws Par2Exception {
        Set<Hash16> listed = new HashSet<>(main.recoverable());
        listed.addAll(main.others());
        List<ParFile> empties = new ArrayList<>();
        for (Hash16 id : pieces.files.keySet().stream().sorted().toList()) {
            if (!listed.contains(id) && description(pieces, id).length() == 0) {
                empties.add(file(pieces, id, new Par2Layout.Entry(id, 0, 0, 0)));
            }
        }
        return empties;
    }

    private Par2Layout layout(Pieces pieces, Par2Packet.Main main) throws Par2Exception {
        List<Par2Layout.Item> items = new ArrayList<>();
        for (Hash16 id : main.recoverable()) {
            items.add(new Par2Layout.Item(id, description(pieces, id).length()));
        }
        try {
            return Par2Layout.inOrder(main.sliceSize(), items);
        } catch (Par2Exception e) {
            throw new Par2Exception(
                    e.kind(), pieces.main.file(), pieces.main.offset(), e.getMessage());
        }
    }

    private Par2Packet.FileDesc description(Pieces pieces, Hash16 id) throws Par2Exception {
        Located<Par2Packet.FileDesc> found = pieces.files.get(id);
        if (found == null) {
            throw new Par2Exception(
                    Par2Exception.Kind.INCOMPLETE,
                    "no description of file " + id + " was found" + firstProblem());
        }
        return found.packet();
    }

    private String firstProblem() {
        return problems.isEmpty() ? "" : " (" + problems.getFirst() + ")";
    }

    private ParFile file(Pieces pieces, Hash16 id, Par2Layout.Entry entry) throws Par2Exception {
        Par2Packet.FileDesc f = description(pieces, id);
        // Used only where the name's bytes can't be understood without it.
        String unicode = f.utf8() ? null : pieces.unicodeNames.get(f.fileId());
        return new ParFile(
                id,
                unicode == null ? f.name() : unicode,
                f.length(),
                f.md5(),
                f.md5of16k(),
                entry.firstSlice(),
                entry.sliceCount(),
                checksums(pieces, id, entry.sliceCount()),
                !f.utf8() && unicode == null);
    }

    private List<SliceChecksum> checksums(Pieces pieces, Hash16 id, int count)
            throws Par2Exception {
        Located<Par2Packet.SliceChecksums> found = pieces.checksums.get(id);
        if (found == null || count == 0) {
            return List.of();
        }
        if (found.packet().checksums().size() != count) {
            throw new Par2Exception(
                    Par2Exception.Kind.CONTRADICTION,
                    found.file(),
                    found.offset(),
                    "there are checksums of " + found.packet().checksums().size()
                            + " slices, but the file has " + count);
        }
        return found.packet().checksums();
    }

    /** Those that fit. Of several with one exponent nobody can tell yet which lies. */
    private SortedMap<Integer, List<SliceData>> recovery(Pieces pieces, long sliceSize) {
        SortedMap<Integer, List<SliceData>> recovery = new TreeMap<>();
        pieces.recovery.forEach(
                (exponent, rivals) -> {
                    for (var located : rivals) {
                        SliceData data = located.packet().data();
                        if (data.length() != sliceSize) {
                            note(
                                    new PacketProblem(
                                            located.file(),
                                            located.offset(),
                                            "a recovery slice of " + data.length()
                                                    + " bytes does not fit"));
                            continue;
                        }
                        List<SliceData> claims =
                                recovery.computeIfAbsent(exponent, e -> new ArrayList<>(1));
                        if (!claims.isEmpty()) {
                            note(repeated(located.file(), located.offset(), exponent));
                        }
                        claims.add(data);
                    }
                });
        return recovery;
    }
}

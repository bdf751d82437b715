package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.spillway.fec.FileHasher;
import net.spillway.fec.ParFile;
import net.spillway.fec.packet.Hash16;
import net.spillway.protocol.YencPart;
import net.spillway.tools.nzb.RelativeName;

/**
 * Finds out which fetched file is which file of a recovery set: by our own note, by the MD5 of the
 * first 16 KiB (names may be disguised), and by name, in this order.
 */
final class Matching {
    /** Of how many files of one name one is looked for that begins as it should. */
    private static final int NAMESAKES = 16;

    private final Set<TargetFile> free;
    private final Map<String, Set<TargetFile>> byName = new HashMap<>();
    private final Map<TargetFile, Optional<Hash16>> heads = new HashMap<>();

    /** @param files files that have not been matched yet; those matched are taken out */
    Matching(List<TargetFile> files) {
        free = new LinkedHashSet<>(files);
        files.forEach(file -> names(file).forEach(name ->
                byName.computeIfAbsent(name, n -> new LinkedHashSet<>()).add(file)));
    }

    /** What is left. */
    List<TargetFile> unmatched() {
        return List.copyOf(free);
    }

    void match(ParitySet parity) throws IOException {
        List<ParFile> open = new ArrayList<>(parity.set().files());
        byNote(parity, open);
        byHead(parity, open);
        byName(parity, open);
    }

    private void byNote(ParitySet parity, List<ParFile> open) {
        Map<ParFile, TargetFile> found = byNote(open, free);
        open.removeIf(file -> found.containsKey(file) && take(parity, file, found.get(file)));
    }

    /** Which file of a set is which of these by what our manifest says; each at most once. */
    static Map<ParFile, TargetFile> byNote(List<ParFile> files, Collection<TargetFile> targets) {
        Map<String, TargetFile> byPath = new HashMap<>();
        // An obfuscated set has other names, but the same hashes; files may be equal.
        Map<String, Deque<TargetFile>> byMd5 = new HashMap<>();
        targets.forEach(t -> t.note().ifPresent(note -> {
            byPath.put(note.path(), t);
            byMd5.computeIfAbsent(note.hash(), m -> new ArrayDeque<>()).add(t);
        }));
        Map<ParFile, TargetFile> found = new LinkedHashMap<>();
        Set<TargetFile> taken = new HashSet<>();
        for (ParFile file : files) {
            TargetFile target = byPath.containsKey(file.name()) ? byPath.get(file.name())
                    : byMd5.getOrDefault(file.md5().toString(), new ArrayDeque<>()).poll();
            if (target != null && target.note().orElseThrow().length() == file.length()
                    && taken.add(target)) {
                found.put(file, target);
            }
        }
        return found;
    }

    private void byHead(ParitySet parity, List<ParFile> open) throws IOException {
        Map<Hash16, TreeMap<Long, Set<TargetFile>>> byHead = new HashMap<>();
        for (TargetFile target : free) {
            if (!heads.containsKey(target)) {
                heads.put(target, head(target));
            }
            heads.get(target).ifPresent(md5 -> byHead.computeIfAbsent(md5, m -> new TreeMap<>())
                    .computeIfAbsent(target.end(), e -> new LinkedHashSet<>()).add(target));
        }
        open.removeIf(file -> {
            TreeMap<Long, Set<TargetFile>> same =
                    byHead.getOrDefault(file.md5of16k(), new TreeMap<>());
            Optional<TargetFile> best = named(file).stream().limit(NAMESAKES)
                    .filter(t -> same.getOrDefault(t.end(), Set.of()).contains(t))
                    .filter(t -> t.end() <= file.length()).findFirst()
                    .or(() -> longest(same, file.length()));
            best.ifPresent(target -> remove(same, target));
            return best.isPresent() && take(parity, file, best.get());
        });
    }

    /** One that reaches as far as the file, or falls short of it the least. */
    private static Optional<TargetFile> longest(
            TreeMap<Long, Set<TargetFile>> byEnd, long length) {
        return Optional.ofNullable(byEnd.floorEntry(length))
                .map(entry -> entry.getValue().iterator().next());
    }

    private static void remove(TreeMap<Long, Set<TargetFile>> byEnd, TargetFile target) {
        Set<TargetFile> ofEnd = byEnd.get(target.end());
        ofEnd.remove(target);
        if (ofEnd.isEmpty()) {
            byEnd.remove(target.end());
        }
    }

    private static Optional<Hash16> head(TargetFile target) throws IOException {
        long length = Math.min(FileHasher.HEAD, target.end());
        if (length == 0 || !target.hasSomethingAt(0, length) || !Files.exists(target.path())) {
            return Optional.empty();
        }
        byte[] head = new byte[(int) length];
        try (FileChannel channel = FileChannel.open(target.path(), StandardOpenOption.READ)) {
            TargetFile.read(channel, 0, head, 0, head.length);
        }
        return Optional.of(Hash16.md5(head));
    }

    private void byName(ParitySet parity, List<ParFile> open) {
        open.removeIf(file -> {
            Set<TargetFile> named = named(file);
            return named.size() == 1 && take(parity, file, named.iterator().next());
        });
    }

    /** Files that are called so and have not been taken, with folders before it or without. */
    private Set<TargetFile> named(ParFile file) {
        String base = RelativeName.base(file.name());
        Set<TargetFile> named = byName.getOrDefault(base, Set.of());
        if (base.equals(file.name()) || !byName.containsKey(file.name())) {
            return named;
        }
        Set<TargetFile> both = new LinkedHashSet<>();
        byName.get(file.name()).stream().limit(NAMESAKES).forEach(both::add);
        named.stream().limit(NAMESAKES).forEach(both::add);
        return both;
    }

    private static Stream<String> names(TargetFile target) {
        return Stream.concat(target.entry().subjectName().stream(),
                target.yenc().map(YencPart::name).stream());
    }

    private boolean take(ParitySet parity, ParFile file, TargetFile target) {
        parity.match(file, target);
        free.remove(target);
        names(target).map(byName::get).filter(Objects::nonNull)
                .forEach(named -> named.remove(target));
        return true;
    }
}

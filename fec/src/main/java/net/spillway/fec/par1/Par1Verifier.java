package net.spillway.fec.par1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.spillway.fec.FileDigests;
import net.spillway.fec.FileState;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.ProgressListener;
import net.spillway.fec.SafeNames;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;

/**
 * Finds out what became of the files of a set. Nothing is changed. A file is whole if length and
 * MD5 are right; files that are not are looked for under other names beside them.
 */
public final class Par1Verifier {
    /** Files of a folder beyond these are not looked at as possibly renamed ones. */
    private static final int MAX_CANDIDATES = 100_000;

    private final Par1Archive archive;
    private final Path base;
    private final ParityOptions options;
    private final long total;
    private final Map<Par1File, FileState> states = new HashMap<>();
    private long done;

    private Par1Verifier(Par1Archive archive, Path base, ParityOptions options) {
        this.archive = archive;
        this.base = base;
        this.options = options;
        total = archive.set().files().stream()
                .mapToLong(Par1File::length).reduce(0, Par1Verifier::sum);
    }

    /** Lengths are not to be trusted, and their sum may not fit. */
    private static long sum(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }

    /**
     * Verifies.
     *
     * @param base the folder of the files
     * @param extras more files that may be some of the set under other names
     * @throws Par2Exception if a name in the set would lead out of {@code base} or comes twice
     */
    public static Par1Report verify(
            Par1Archive archive, Path base, Collection<Path> extras, ParityOptions options)
            throws IOException {
        return new Par1Verifier(archive, base, options).run(extras);
    }

    private Par1Report run(Collection<Path> extras) throws IOException {
        checkNames();
        List<Par1File> files = archive.set().files();
        check(files);
        if (files.stream().anyMatch(this::isWanted)) {
            findRenamed(extras);
        }
        int[] missing = missing(archive.set().saved());
        Par1Matrix.Choice choice = Par1Matrix.choose(missing, archive.volumes().keySet());
        return new Par1Report(
                reports(true),
                reports(false),
                List.copyOf(archive.volumes().keySet()),
                choice.used(),
                choice.dependent());
    }

    private int[] missing(List<Par1File> saved) {
        return IntStream.range(0, saved.size())
                .filter(i -> report(saved.get(i)).isLost())
                .toArray();
    }

    private Par1Report.FileReport report(Par1File file) {
        return new Par1Report.FileReport(file, states.get(file));
    }

    private List<Par1Report.FileReport> reports(boolean recoverable) {
        return archive.set().files().stream()
                .filter(file -> file.recoverable() == recoverable)
                .map(this::report)
                .toList();
    }

    private void checkNames() throws IOException {
        Set<String> names = new HashSet<>();
        for (Par1File file : archive.set().files()) {
            SafeNames.resolve(base, file.name());
            if (file.name().indexOf('/') >= 0) {
                throw new Par2Exception(
                        Par2Exception.Kind.UNSAFE_NAME,
                        "the file name \"" + file.name()
                                + "\" is refused: PAR1 knows no folders");
            }
            if (!names.add(file.name())) {
                throw new Par2Exception(
                        Par2Exception.Kind.CONTRADICTION,
                        "two files of the set have the name " + file.name());
            }
        }
    }

    /** Decides between complete, damaged and missing by length and MD5. */
    private void check(List<Par1File> files) throws IOException {
        List<Par1File> possible = new ArrayList<>();
        List<Path> paths = new ArrayList<>();
        for (Par1File file : files) {
            Path path = SafeNames.resolve(base, file.name());
            boolean there = Files.isRegularFile(path);
            states.put(file, there ? new FileState.Damaged(path, 0) : new FileState.Missing());
            if (there && Files.size(path) == file.length()) {
                possible.add(file);
                paths.add(path);
            } else {
                verified(file.length());
            }
        }
        List<Hash16> md5s = FileDigests.whole(paths, options, this::verified);
        for (int i = 0; i < possible.size(); i++) {
            if (md5s.get(i).equals(possible.get(i).md5())) {
                states.put(possible.get(i), new FileState.Complete(paths.get(i)));
            }
        }
    }

    /** So many bytes more have been looked at, or need not be. */
    private synchronized void verified(long bytes) {
        done = sum(done, bytes);
        options.progress().progress(
                ProgressListener.Phase.VERIFYING, Math.min(total, done), total);
    }

    private Hash16 md5(Path path) throws IOException {
        return FileDigests.whole(path, at -> options.progress().progress(
                ProgressListener.Phase.VERIFYING, Math.min(total, sum(done, at)), total));
    }

    private boolean isWanted(Par1File file) {
        return file.length() > 0 && !(states.get(file) instanceof FileState.Complete);
    }

    /** A file that is not whole may be there whole under another name. */
    private void findRenamed(Collection<Path> extras) throws IOException {
        Map<Long, List<Par1File>> wanted = new HashMap<>();
        for (Par1File file : archive.set().files()) {
            if (isWanted(file)) {
                wanted.computeIfAbsent(file.length(), n -> new ArrayList<>()).add(file);
            }
        }
        Set<Path> offered = new HashSet<>();
        for (Path extra : extras) {
            if (Files.isRegularFile(extra)) {
                offered.add(extra.toRealPath());
            }
        }
        for (Path path : candidates(extras)) {
            List<Par1File> sameLength = wanted.getOrDefault(Files.size(path), List.of());
            if (!sameLength.isEmpty()) {
                Hash16 md5 = md5(path);
                boolean named = offered.contains(path.toRealPath());
                sameLength.stream()
                        .filter(file -> file.md5().equals(md5))
                        .findFirst()
                        .ifPresent(file -> {
                            sameLength.remove(file);
                            states.put(file, new FileState.Misnamed(path, named));
                        });
            }
        }
    }

    /** Ordinary files that are none of the set's whole ones. */
    private Set<Path> candidates(Collection<Path> extras) throws IOException {
        Set<Path> found = new LinkedHashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(base)) {
            for (Path entry : entries) {
                if (found.size() < MAX_CANDIDATES
                        && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                        && Files.isReadable(entry)) {
                    found.add(entry.toAbsolutePath().normalize());
                }
            }
        }
        for (Path extra : extras) {
            if (Files.isRegularFile(extra)) {
                found.add(extra.toAbsolutePath().normalize());
            }
        }
        for (FileState state : states.values()) {
            if (state instanceof FileState.Complete complete) {
                found.remove(complete.path().toAbsolutePath().normalize());
            }
        }
        return found;
    }
}

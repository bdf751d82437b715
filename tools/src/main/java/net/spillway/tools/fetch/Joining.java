package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.spillway.tools.progress.Progress;

/**
 * Joins files that were cut before they were posted: {@code x.001}, {@code x.002} and so on, none
 * lacking, become {@code x}. Who cuts a file makes pieces of one length, but for the last, which is
 * no longer; what is not so is no such piece. Volumes of archives that happen to be called so are
 * left as they are, and so is everything if there is another {@code x} already that is not to be
 * replaced.
 */
final class Joining {
    private static final Pattern PIECE = Pattern.compile("(.+)\\.([0-9]{3,4})");
    private static final long AT_A_TIME = 16 << 20;
    private static final int COMPARED = 1 << 20;
    private static final byte[] RAR = "Rar!".getBytes(StandardCharsets.US_ASCII);

    private Joining() {}

    /**
     * Joins what is to be joined among these files; gives those that there are then.
     *
     * @param overwrite whether a file that has the name of one that is joined is replaced
     */
    static List<FetchResult.FetchedFile> join(List<FetchResult.FetchedFile> files, Workplace place,
            boolean overwrite, Progress progress) throws IOException {
        Map<Path, TreeMap<Integer, FetchResult.FetchedFile>> pieces = new LinkedHashMap<>();
        Set<Path> paths = new HashSet<>();
        for (FetchResult.FetchedFile file : files) {
            paths.add(file.path());
            Matcher name = PIECE.matcher(file.path().getFileName().toString());
            if (name.matches()) {
                pieces.computeIfAbsent(file.path().resolveSibling(name.group(1)),
                        p -> new TreeMap<>()).put(Integer.parseInt(name.group(2)), file);
            }
        }
        List<FetchResult.FetchedFile> joined = new ArrayList<>(files);
        for (Map.Entry<Path, TreeMap<Integer, FetchResult.FetchedFile>> each : pieces.entrySet()) {
            List<FetchResult.FetchedFile> ofOne = List.copyOf(each.getValue().values());
            boolean whole = ofOne.size() > 1 && each.getValue().firstKey() == 1
                    && each.getValue().lastKey() == ofOne.size() && areCut(ofOne);
            if (!whole || paths.contains(each.getKey()) || isArchive(ofOne.get(1).path())) {
                continue;
            }
            Optional<FetchResult.FetchedFile> one = isFree(each.getKey(), overwrite)
                    ? Optional.of(join(ofOne, each.getKey(), place, overwrite, progress))
                    : joinedBefore(ofOne, each.getKey());
            if (one.isPresent()) {
                joined.set(joined.indexOf(ofOne.getFirst()), one.get());
                joined.removeAll(ofOne);
            }
        }
        return joined;
    }

    /** If what lies there is what they become, they are not needed any more. */
    private static Optional<FetchResult.FetchedFile> joinedBefore(
            List<FetchResult.FetchedFile> pieces, Path there) throws IOException {
        long length = pieces.stream().mapToLong(FetchResult.FetchedFile::bytes).sum();
        boolean ours = pieces.stream().noneMatch(p -> p.how() == FetchResult.How.KEPT);
        if (!ours || !Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS)
                || Files.size(there) != length) {
            return Optional.empty();
        }
        try (FileChannel whole = FileChannel.open(there, StandardOpenOption.READ)) {
            long at = 0;
            for (FetchResult.FetchedFile piece : pieces) {
                if (!isAt(whole, at, piece.path())) {
                    return Optional.empty();
                }
                at += piece.bytes();
            }
        }
        for (FetchResult.FetchedFile piece : pieces) {
            Files.delete(piece.path());
        }
        return Optional.of(new FetchResult.FetchedFile(there, length, FetchResult.How.KEPT));
    }

    private static boolean isAt(FileChannel whole, long at, Path piece) throws IOException {
        byte[] ours = new byte[COMPARED];
        byte[] there = new byte[COMPARED];
        try (FileChannel in = FileChannel.open(piece, StandardOpenOption.READ)) {
            for (long done = 0; done < in.size(); done += COMPARED) {
                int n = (int) Math.min(COMPARED, in.size() - done);
                TargetFile.read(in, done, ours, 0, n);
                TargetFile.read(whole, at + done, there, 0, n);
                if (!Arrays.equals(ours, 0, n, there, 0, n)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isFree(Path path, boolean overwrite) {
        return overwrite ? !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                : !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean areCut(List<FetchResult.FetchedFile> pieces) {
        long length = pieces.getFirst().bytes();
        return pieces.getLast().bytes() <= length && pieces.subList(0, pieces.size() - 1).stream()
                .allMatch(piece -> piece.bytes() == length);
    }

    /** A second piece of a file that was cut does not begin as an archive does. */
    private static boolean isArchive(Path second) throws IOException {
        byte[] head = new byte[RAR.length];
        try (FileChannel channel = FileChannel.open(second, StandardOpenOption.READ)) {
            TargetFile.read(channel, 0, head, 0, head.length);
        }
        return Arrays.equals(head, RAR);
    }

    private static FetchResult.FetchedFile join(List<FetchResult.FetchedFile> pieces, Path to,
            Workplace place, boolean overwrite, Progress progress) throws IOException {
        Path whole = place.fresh();
        long length = pieces.stream().mapToLong(FetchResult.FetchedFile::bytes).sum();
        try (Progress.Task task = progress.start("joining", length, Progress.Unit.BYTES);
                FileChannel out = FileChannel.open(
                whole, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (FetchResult.FetchedFile piece : pieces) {
                append(piece.path(), out, task);
            }
        }
        if (overwrite) {
            Files.move(whole, to, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.move(whole, to); // Not over what somebody put there since it was free.
        }
        for (FetchResult.FetchedFile piece : pieces) {
            Files.delete(piece.path());
        }
        return new FetchResult.FetchedFile(to, length, FetchResult.How.JOINED);
    }

    private static void append(Path piece, FileChannel out, Progress.Task task)
            throws IOException {
        try (FileChannel in = FileChannel.open(piece, StandardOpenOption.READ)) {
            long size = in.size();
            for (long at = 0; at < size; ) {
                long n = in.transferTo(at, Math.min(AT_A_TIME, size - at), out);
                task.advance(n);
                at += n;
            }
        }
    }
}

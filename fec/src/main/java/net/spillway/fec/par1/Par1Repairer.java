package net.spillway.fec.par1;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.spillway.fec.DiskSpace;
import net.spillway.fec.FileDigests;
import net.spillway.fec.FileState;
import net.spillway.fec.FoundFile;
import net.spillway.fec.OpenFiles;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.ProgressListener;
import net.spillway.fec.PutInPlace;
import net.spillway.fec.VerifyReport.Verdict;
import net.spillway.fec.WorkFolder;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;

/**
 * Repairs the files of a set. Rebuilt files are written into a hidden folder and get their names
 * only when the hashes of all of them are right. A damaged file is kept as {@code NAME.1}. A file
 * found under another name is renamed only if it was offered and lies in the folder; else it is
 * copied and stays.
 */
public final class Par1Repairer {
    private static final int BUFFER = 1 << 18;

    private final Par1Archive archive;
    private final Par1Report report;
    private final Path base;
    private final ParityOptions options;

    /** What will be the files that are not complete. */
    private final Map<Par1File, Path> drafts = new LinkedHashMap<>();

    private Par1Repairer(
            Par1Archive archive, Par1Report report, Path base, ParityOptions options) {
        this.archive = archive;
        this.report = report;
        this.base = base;
        this.options = options;
    }

    /**
     * Verifies and repairs.
     *
     * @param extras more files that may be some of the set under other names
     */
    public static Par1Result repair(
            Par1Archive archive, Path base, Collection<Path> extras, ParityOptions options)
            throws IOException {
        Par1Report report = Par1Verifier.verify(archive, base, extras, options);
        return repair(archive, report, base, options);
    }

    /**
     * Repairs what a report says of files that have not changed since.
     *
     * @throws Par2Exception if a hash is wrong at the end (then nothing has changed), or if
     *     something is in the way of a file
     * @throws FileSystemException if there is no room for the files
     */
    public static Par1Result repair(
            Par1Archive archive, Par1Report report, Path base, ParityOptions options)
            throws IOException {
        return switch (report.verdict()) {
            case Verdict.Whole w -> new Par1Result.NothingToDo();
            case Verdict.Refused r -> throw new AssertionError("PAR1 knows no folders");
            case Verdict.NotRecoverable n -> new Par1Result.NotRecoverable(n.lacking());
            case Verdict.Repairable r -> new Par1Repairer(archive, report, base, options).run();
        };
    }

    private Par1Result run() throws IOException {
        long room = 0;
        for (Par1Report.FileReport file : report.files()) {
            if (!file.isComplete()) {
                PutInPlace.checkTheWayIsFree(base, file.file().name());
                boolean moved = file.state() instanceof FileState.Misnamed found
                        && canBeMoved(found);
                room += moved ? 0 : file.file().length();
            }
        }
        DiskSpace.require(base, room);
        try (WorkFolder work = new WorkFolder(base)) {
            for (Par1Report.FileReport file : report.files()) {
                prepare(file, work);
            }
            rebuild();
            checkDrafts();
            return work.finish(this::putInPlace);
        }
    }

    private void prepare(Par1Report.FileReport file, WorkFolder work) throws IOException {
        if (file.state() instanceof FileState.Misnamed found) {
            drafts.put(
                    file.file(),
                    canBeMoved(found)
                            ? found.path() : Files.copy(found.path(), work.next()));
        } else if (!file.isComplete()) {
            drafts.put(file.file(), Files.createFile(work.next()));
        }
    }

    /**
     * Files elsewhere, under the name of another file of the set, or that nobody offered are not
     * ours to move.
     */
    private boolean canBeMoved(FileState.Misnamed misnamed) throws IOException {
        Path found = misnamed.path();
        return misnamed.offered()
                && found.toRealPath().getParent().equals(base.toRealPath())
                && archive.set().files().stream()
                        .noneMatch(f -> f.name().equals(found.getFileName().toString()));
    }

    private void rebuild() throws IOException {
        List<Par1Report.FileReport> saved =
                report.files().stream().filter(f -> f.file().saved()).toList();
        int[] missing = indices(saved, true);
        int[] present = indices(saved, false);
        if (missing.length == 0) {
            return;
        }
        byte[][] matrix = Par1Matrix.repair(missing, present, report.used());
        List<SliceData> blocks = new ArrayList<>();
        for (int i : present) {
            blocks.add(block(saved.get(i)));
        }
        report.used().forEach(volume -> blocks.add(archive.volumes().get(volume)));
        try (OpenFiles out = new OpenFiles(StandardOpenOption.WRITE);
                Par1Coder coder = new Par1Coder(matrix, options)) {
            coder.run(
                    archive.set().blockSize(),
                    (i, from, dst, len) -> readPadded(blocks.get(i), from, dst, len),
                    (row, from, bytes, len) -> {
                        Par1File file = saved.get(missing[row]).file();
                        int n = (int) Math.clamp(file.length() - from, 0, len);
                        out.write(drafts.get(file), from, bytes, 0, n);
                    });
        }
    }

    private static int[] indices(List<Par1Report.FileReport> saved, boolean lost) {
        return IntStream.range(0, saved.size())
                .filter(i -> saved.get(i).isLost() == lost)
                .toArray();
    }

    /** The content of a file that is at hand. */
    private static SliceData block(Par1Report.FileReport file) {
        return switch (file.state()) {
            case FileState.Complete c -> SliceData.of(c.path(), 0, file.file().length());
            case FileState.Misnamed m -> SliceData.of(m.path(), 0, file.file().length());
            case FileState.Damaged d -> SliceData.of(new byte[0]);
            case FileState.Missing m -> SliceData.of(new byte[0]);
            case FileState.Refused r -> SliceData.of(new byte[0]);
        };
    }

    private static void readPadded(SliceData block, long from, byte[] dst, int len)
            throws IOException {
        int there = (int) Math.clamp(block.length() - from, 0, len);
        if (there > 0) {
            block.read(from, dst, 0, there);
        }
        Arrays.fill(dst, there, len, (byte) 0);
    }

    private void checkDrafts() throws IOException {
        long total = drafts.keySet().stream().mapToLong(Par1File::length).sum();
        long before = 0;
        for (var draft : drafts.entrySet()) {
            Par1File file = draft.getKey();
            long start = before;
            var md5 = FileDigests.whole(draft.getValue(), at -> options.progress()
                    .progress(ProgressListener.Phase.CHECKING, start + at, total));
            if (Files.size(draft.getValue()) != file.length() || !md5.equals(file.md5())) {
                throw PutInPlace.hashMismatch(file.name());
            }
            before += file.length();
        }
    }

    private Par1Result putInPlace() throws IOException {
        Map<String, Path> finished = new LinkedHashMap<>();
        drafts.forEach((file, draft) -> finished.put(file.name(), draft));
        PutInPlace.Repaired done = PutInPlace.repaired(finished, base);
        List<FoundFile> found = new ArrayList<>();
        for (Par1Report.FileReport file : report.files()) {
            if (file.state() instanceof FileState.Misnamed misnamed) {
                boolean renamed = misnamed.path().equals(drafts.get(file.file()));
                found.add(new FoundFile(file.file().name(), misnamed.path(), renamed));
            }
        }
        return new Par1Result.Repaired(
                done.names(), found, done.backups(), report.used(), report.dependent());
    }
}

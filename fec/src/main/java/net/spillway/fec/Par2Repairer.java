package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;

/**
 * Repairs the files of a set. Rebuilt files are written into a hidden folder beside them and get
 * their names only when the hashes of all of them are right. A damaged file is kept as {@code
 * NAME.1} (or the first free number), as par2cmdline does; a file found under another name in the
 * folder is renamed.
 */
public final class Par2Repairer {
    private final Par2Archive archive;
    private final Par2Set set;
    private final VerifyReport report;
    private final Path base;
    private final ParityOptions options;

    private final DraftFiles drafts;

    private Par2Repairer(
            Par2Archive archive, VerifyReport report, Path base, ParityOptions options) {
        this.archive = archive;
        this.set = archive.set();
        this.report = report;
        this.base = base;
        this.options = options;
        drafts = new DraftFiles(set, report.located());
    }

    /**
     * Verifies and repairs.
     *
     * @param extras more files to search for slices
     * @see #repair(Par2Archive, VerifyReport, Path, ParityOptions)
     */
    public static RepairResult repair(
            Par2Archive archive, Path base, Collection<Path> extras, ParityOptions options)
            throws IOException {
        VerifyReport report = Par2Verifier.verify(archive, base, extras, options.progress());
        return repair(archive, report, base, options);
    }

    /**
     * Repairs what a report says of files that have not changed since.
     *
     * @throws Par2Exception if a hash is wrong at the end (then nothing has changed), if a folder
     *     is in the way of a file, or if a name is not safe
     */
    public static RepairResult repair(
            Par2Archive archive, VerifyReport report, Path base, ParityOptions options)
            throws IOException {
        return switch (report.verdict()) {
            case VerifyReport.Verdict.Whole w -> new RepairResult.NothingToDo();
            case VerifyReport.Verdict.NotRecoverable n ->
                    new RepairResult.NotRecoverable(n.lacking());
            case VerifyReport.Verdict.Repairable r ->
                    new Par2Repairer(archive, report, base, options).run(r.recoverySlices());
        };
    }

    private RepairResult run(int recoverySlices) throws IOException {
        for (VerifyReport.FileReport file : report.files()) {
            SafeNames.resolve(base, file.file().name());
            if (!file.isComplete()) {
                PutInPlace.checkTheWayIsFree(base, file.file().name());
            }
        }
        try (WorkFolder work = new WorkFolder(base)) {
            for (VerifyReport.FileReport file : report.files()) {
                if (!file.isComplete() && !canBeMoved(file)) {
                    drafts.add(file.file(), work.next());
                }
            }
            rebuild();
            return work.finish(() -> putInPlace(recoverySlices));
        }
    }

    /** Misnamed files inside the folder are moved; those elsewhere are not ours to move. */
    private boolean canBeMoved(VerifyReport.FileReport file) throws IOException {
        return file.state() instanceof FileState.Misnamed misnamed
                && misnamed.path().toRealPath().startsWith(base.toRealPath());
    }

    private void rebuild() throws IOException {
        if (report.missing().isEmpty()) {
            drafts.copy(options.threads());
        } else {
            compute(archive.recovery(), true);
        }
        Set<ParFile> wrong = DraftProof.wrong(set, drafts, drafts.files(), options);
        if (!wrong.isEmpty()) {
            throw PutInPlace.hashMismatch(wrong.iterator().next().name());
        }
    }

    private void compute(SortedMap<Integer, SliceData> recovery, boolean copying)
            throws IOException {
        try (OpenFiles out = new OpenFiles(StandardOpenOption.WRITE)) {
            SliceRepairer.repair(
                    set.sliceCount(),
                    set.sliceSize(),
                    report.missing(),
                    () -> drafts.new Reader(copying),
                    recovery,
                    (slice, from, data, offset, len) ->
                            drafts.put(out, slice, from, data, offset, len),
                    options);
        }
    }

    private RepairResult putInPlace(int recoverySlices) throws IOException {
        Map<String, Path> finished = new LinkedHashMap<>();
        for (VerifyReport.FileReport file : report.files()) {
            Path draft = drafts.path(file.file());
            if (draft != null) {
                finished.put(file.file().name(), draft);
            } else if (file.state() instanceof FileState.Misnamed misnamed) {
                finished.put(file.file().name(), misnamed.path());
            }
        }
        PutInPlace.Repaired done = PutInPlace.repaired(finished, base);
        return new RepairResult.Repaired(done.names(), done.backups(), recoverySlices);
    }
}

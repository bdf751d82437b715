package net.spillway.fec;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;

/**
 * Repairs the files of a set. Rebuilt files are written into a hidden folder beside them and get
 * their names only when all of them are proven right. A damaged file is kept as {@code NAME.1} (or
 * the first free number), as par2cmdline does. A file found under another name is renamed only if
 * it was offered and lies in the folder; else it is copied and stays.
 *
 * <p>What is proven, and by what: of every rebuilt file the length, and that each of its slices, as
 * it can be read back, has the MD5 that the set says, the copied slices too. The MD5 of the whole
 * file is computed only where the set has no checksums of its slices, or where that is as fast. It
 * follows from those of the slices unless the set contradicts itself, its file description having
 * been made from another state of the file than its slice checksums; then the file of the slices is
 * restored, which is also what {@link Par2Verifier} calls complete.
 *
 * <p>Recovery data that lies, its packets being sound but not what they claim, gives wrong slices.
 * Then other selections of it are tried, a bounded number: those that claim an exponent with others
 * are left out or taken in turn, and so is each volume or some slices of it, as far as there are
 * more than are needed. If none gives the right slices, nothing is changed.
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
        VerifyReport report = Par2Verifier.verify(archive, base, extras, options);
        return repair(archive, report, base, options);
    }

    /**
     * Repairs what a report says of files that have not changed since.
     *
     * @throws Par2Exception if a hash is wrong at the end (then nothing has changed), if a folder
     *     is in the way of a file, or if a name is not safe; files that the report calls refused are
     *     left alone
     * @throws FileSystemException if there is no room for the files
     */
    public static RepairResult repair(
            Par2Archive archive, VerifyReport report, Path base, ParityOptions options)
            throws IOException {
        return switch (report.verdict()) {
            case VerifyReport.Verdict.Whole w -> new RepairResult.NothingToDo();
            case VerifyReport.Verdict.Refused r -> new RepairResult.NothingToDo();
            case VerifyReport.Verdict.NotRecoverable n ->
                    new RepairResult.NotRecoverable(n.lacking());
            case VerifyReport.Verdict.Repairable r ->
                    new Par2Repairer(archive, report, base, options).run(r.recoverySlices());
        };
    }

    private RepairResult run(int recoverySlices) throws IOException {
        SafeFolder folder = new SafeFolder(base);
        for (VerifyReport.FileReport file : report.files()) {
            if (file.isRefused()) {
                continue;
            }
            Path target = folder.resolve(file.file().stored());
            if (!file.isComplete()) {
                PutInPlace.checkTheWayIsFree(target);
            }
        }
        List<ParFile> rebuilt = new ArrayList<>();
        for (VerifyReport.FileReport file : report.files()) {
            if (!file.isComplete() && !file.isRefused() && !canBeMoved(file)) {
                rebuilt.add(file.file());
            }
        }
        DiskSpace.require(base, rebuilt.stream().mapToLong(ParFile::length).sum());
        try (WorkFolder work = new WorkFolder(base)) {
            for (ParFile file : rebuilt) {
                drafts.add(file, work.next());
            }
            rebuild();
            for (VerifyReport.FileReport file : report.files()) {
                Path draft = drafts.path(file.file());
                if (draft != null && file.state() instanceof FileState.Misnamed misnamed) {
                    PutInPlace.allowTheSame(misnamed.path(), draft);
                }
            }
            return work.finish(() -> putInPlace(recoverySlices));
        }
    }

    /** Files elsewhere, and those that nobody offered, are not ours to move. */
    private boolean canBeMoved(VerifyReport.FileReport file) throws IOException {
        return file.state() instanceof FileState.Misnamed misnamed
                && misnamed.offered()
                && misnamed.path().toRealPath().startsWith(base.toRealPath());
    }

    private void rebuild() throws IOException {
        BitSet missing = report.missing();
        List<ParFile> copied = new ArrayList<>();
        List<ParFile> computed = new ArrayList<>();
        for (ParFile file : drafts.files()) {
            int next = missing.nextSetBit(file.firstSlice());
            (next >= 0 && next < file.endSlice() ? computed : copied).add(file);
        }
        if (computed.isEmpty()) {
            drafts.copy(options.threads(), options.progress());
        } else {
            compute(computed, missing.cardinality());
        }
        Optional<ParFile> wrong = wrong(copied);
        if (wrong.isPresent()) {
            throw PutInPlace.hashMismatch(wrong.get().name());
        }
    }

    /** Tries selections of recovery slices until what is computed from them is right. */
    private void compute(List<ParFile> files, int missing) throws IOException {
        RecoveryChoices choices = new RecoveryChoices(archive, missing);
        compute(choices.next().orElseThrow(), true);
        for (Optional<ParFile> wrong = wrong(files); wrong.isPresent(); wrong = wrong(files)) {
            if (!computeOtherwise(choices)) {
                throw PutInPlace.hashMismatch(wrong.get().name());
            }
        }
    }

    /** Takes the next choice that determines the lost slices; false if there is none. */
    private boolean computeOtherwise(RecoveryChoices choices) throws IOException {
        for (var choice = choices.next(); choice.isPresent(); choice = choices.next()) {
            try {
                compute(choice.get(), false);
                return true;
            } catch (Par2Exception e) {
                if (e.kind() != Par2Exception.Kind.NOT_RECOVERABLE
                        && e.kind() != Par2Exception.Kind.BAD_REQUEST) {
                    throw e;
                }
            }
        }
        return false;
    }

    private Optional<ParFile> wrong(List<ParFile> files) throws IOException {
        return DraftProof.wrong(set, drafts, files, options).stream().findFirst();
    }

    private void compute(SortedMap<Integer, SliceData> recovery, boolean copying)
            throws IOException {
        Tally written = new Tally(options.progress(), ProgressListener.Phase.WRITING,
                report.missing().cardinality() * set.sliceSize());
        try (FilePool files = new FilePool(StandardOpenOption.WRITE)) {
            SliceRepairer.repair(
                    set.sliceCount(),
                    set.sliceSize(),
                    report.missing(),
                    () -> drafts.new Reader(copying),
                    recovery,
                    (slice, from, data, offset, len) -> {
                        OpenFiles out = files.take();
                        try {
                            drafts.put(out, slice, from, data, offset, len);
                        } finally {
                            files.giveBack(out);
                        }
                        written.add(len);
                    },
                    options);
        }
    }

    private RepairResult putInPlace(int recoverySlices) throws IOException {
        Map<String, Path> finished = new LinkedHashMap<>();
        Map<String, StoredName> stored = new HashMap<>();
        List<FoundFile> found = new ArrayList<>();
        for (VerifyReport.FileReport file : report.files()) {
            String name = file.file().name();
            stored.put(name, file.file().stored());
            Path draft = drafts.path(file.file());
            if (draft != null) {
                finished.put(name, draft);
            }
            if (file.state() instanceof FileState.Misnamed misnamed) {
                finished.putIfAbsent(name, misnamed.path());
                found.add(new FoundFile(name, misnamed.path(), draft == null));
            }
        }
        // Folders on the way are looked at anew for each file: others may change them meanwhile.
        PutInPlace.Repaired done = PutInPlace.repaired(
                finished, name -> new SafeFolder(base).resolve(stored.get(name)));
        return new RepairResult.Repaired(done.names(), found, done.backups(), recoverySlices);
    }
}

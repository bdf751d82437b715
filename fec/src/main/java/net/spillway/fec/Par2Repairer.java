package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;

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

    /** Files to be rebuilt, and where that happens. */
    private final Map<Hash16, Path> drafts = new LinkedHashMap<>();

    private Par2Repairer(
            Par2Archive archive, VerifyReport report, Path base, ParityOptions options) {
        this.archive = archive;
        this.set = archive.set();
        this.report = report;
        this.base = base;
        this.options = options;
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
                    drafts.put(file.file().id(), Files.createFile(work.next()));
                }
            }
            try (OpenFiles sources = new OpenFiles(StandardOpenOption.READ);
                    OpenFiles out = new OpenFiles(StandardOpenOption.WRITE)) {
                copyGoodSlices(sources, out);
                rebuildLostSlices(sources, out);
            }
            checkDrafts();
            return putInPlace(recoverySlices);
        }
    }

    /** Misnamed files inside the folder are moved; those elsewhere are not ours to move. */
    private boolean canBeMoved(VerifyReport.FileReport file) throws IOException {
        return file.state() instanceof FileState.Misnamed misnamed
                && misnamed.path().toRealPath().startsWith(base.toRealPath());
    }

    private void copyGoodSlices(OpenFiles sources, OpenFiles out) throws IOException {
        byte[] buffer = new byte[(int) Math.min(set.sliceSize(), 1 << 20)];
        for (ParFile file : draftFiles()) {
            for (int slice = file.firstSlice(); slice < file.endSlice(); slice++) {
                if (report.located().containsKey(slice)) {
                    copySlice(file, slice, buffer, sources, out);
                }
            }
        }
    }

    private void copySlice(
            ParFile file, int slice, byte[] buffer, OpenFiles sources, OpenFiles out)
            throws IOException {
        int length = set.sliceLength(slice);
        for (int done = 0; done < length; done += buffer.length) {
            int n = Math.min(buffer.length, length - done);
            readSlice(sources, slice, done, buffer, 0, n);
            out.write(drafts.get(file.id()), set.sliceOffset(slice) + done, buffer, 0, n);
        }
    }

    private List<ParFile> draftFiles() {
        return set.recoverable().stream().filter(file -> drafts.containsKey(file.id())).toList();
    }

    private void readSlice(
            OpenFiles sources, int slice, long from, byte[] dst, int offset, int len)
            throws IOException {
        SliceLocation location = report.located().get(slice);
        int there = (int) Math.clamp(location.length() - from, 0, len);
        sources.read(location.file(), location.offset() + from, dst, offset, there);
        Arrays.fill(dst, offset + there, offset + len, (byte) 0);
    }

    private void rebuildLostSlices(OpenFiles sources, OpenFiles out) throws IOException {
        SliceRepairer.repair(
                set.sliceCount(),
                set.sliceSize(),
                report.missing(),
                (slice, from, dst, offset, len) ->
                        readSlice(sources, slice, from, dst, offset, len),
                archive.recovery(),
                (slice, from, data, offset, len) -> {
                    int n = (int) Math.clamp(set.sliceLength(slice) - from, 0, len);
                    Path draft = drafts.get(set.fileOf(slice).id());
                    out.write(draft, set.sliceOffset(slice) + from, data, offset, n);
                },
                options);
    }

    private void checkDrafts() throws IOException {
        long total = draftFiles().stream().mapToLong(ParFile::length).sum();
        long before = 0;
        for (ParFile file : draftFiles()) {
            long start = before;
            Path draft = drafts.get(file.id());
            Hash16 md5 =
                    FileDigests.whole(
                            draft,
                            at ->
                                    options.progress()
                                            .progress(
                                                    ProgressListener.Phase.CHECKING,
                                                    start + at,
                                                    total));
            if (Files.size(draft) != file.length() || !md5.equals(file.md5())) {
                throw new Par2Exception(
                        Par2Exception.Kind.HASH_MISMATCH,
                        "the hash of " + file.name() + " does not match after repair: recovery"
                                + " data or files are not what they claim; nothing was changed");
            }
            before += file.length();
        }
    }

    private RepairResult putInPlace(int recoverySlices) throws IOException {
        List<String> names = new ArrayList<>();
        List<Path> backups = new ArrayList<>();
        for (VerifyReport.FileReport file : report.files()) {
            if (file.isComplete()) {
                continue;
            }
            Path draft = drafts.get(file.file().id());
            if (draft == null && file.state() instanceof FileState.Misnamed misnamed) {
                draft = misnamed.path();
            }
            PutInPlace.repaired(draft, base, file.file().name()).ifPresent(backups::add);
            names.add(file.file().name());
        }
        return new RepairResult.Repaired(names, backups, recoverySlices);
    }
}

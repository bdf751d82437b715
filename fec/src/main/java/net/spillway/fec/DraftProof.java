package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells whether rebuilt files are right, from what can be read of them afterwards and nothing else.
 *
 * <p>A file is right if it has its length, the MD5 of its first 16 KiB, and each of its slices, as
 * it can be read now, has the MD5 that the set says, be it a copied slice or a computed one. That
 * is what {@link Par2Verifier} calls complete too, and in lanes it is a sixth of the work of the
 * MD5 of the whole. That one is computed where nothing else proves the file: where the set has no
 * checksums of its slices; and where lanes do not pay, as it costs no more then. Where all slices
 * are right, the MD5 of the whole could be wrong only if the set contradicted itself; nobody can
 * tell then which half of it lies, and what the recovery slices were made from are the slices.
 */
final class DraftProof {
    private final Par2Set set;
    private final DraftFiles drafts;
    private final ParityOptions options;
    private final Set<ParFile> wrong = new HashSet<>();
    private final boolean warm;
    private final Tally proven;

    private DraftProof(
            Par2Set set, DraftFiles drafts, Collection<ParFile> files, ParityOptions options,
            boolean warm) {
        this.set = set;
        this.drafts = drafts;
        this.options = options;
        this.warm = warm;
        long total = files.stream().mapToLong(ParFile::length).sum();
        proven = new Tally(options.progress(), ProgressListener.Phase.CHECKING, total);
    }

    /** Which of some files that have drafts are wrong. */
    static Set<ParFile> wrong(
            Par2Set set, DraftFiles drafts, Collection<ParFile> files, ParityOptions options)
            throws IOException {
        return wrong(set, drafts, files, options, false);
    }

    /** The same; {@code warm} if MD5 in vector lanes is to be taken for compiled already. */
    static Set<ParFile> wrong(
            Par2Set set, DraftFiles drafts, Collection<ParFile> files, ParityOptions options,
            boolean warm)
            throws IOException {
        DraftProof proof = new DraftProof(set, drafts, files, options, warm);
        try (Crew crew = new Crew(options.threads())) {
            proof.check(files, crew);
        }
        return Set.copyOf(proof.wrong);
    }

    private void check(Collection<ParFile> files, Crew crew) throws IOException {
        List<ParFile> sliced = new ArrayList<>();
        List<ParFile> others = new ArrayList<>();
        for (ParFile file : files) {
            Path draft = drafts.path(file);
            if (Files.size(draft) != file.length()
                    || !FileDigests.head(draft).equals(file.md5of16k())) {
                wrong.add(file);
                proven.add(file.length());
            } else {
                (file.hasChecksums() ? sliced : others).add(file);
            }
        }
        int slices = sliced.stream().mapToInt(ParFile::sliceCount).sum();
        long bytes = sliced.stream().mapToLong(ParFile::length).sum();
        if (!ManyMd5s.lanesPay(options.engine(), slices, bytes, warm)) {
            others.addAll(sliced);
            sliced.clear();
        }
        checkSlices(sliced, crew);
        checkWhole(others, crew);
    }

    private void checkSlices(List<ParFile> files, Crew crew) throws IOException {
        List<SliceMd5s.Place> places =
                files.stream()
                        .map(f -> new SliceMd5s.Place(f, drafts.path(f), f.length()))
                        .toList();
        List<BitSet> right = SliceMd5s.inPlace(set, places, options, crew, proven::add);
        for (int i = 0; i < files.size(); i++) {
            if (right.get(i).cardinality() != files.get(i).sliceCount()) {
                wrong.add(files.get(i));
            }
        }
    }

    private void checkWhole(List<ParFile> files, Crew crew) throws IOException {
        FileMd5s md5s =
                new FileMd5s(
                        options.engine(),
                        warm,
                        files.stream().mapToLong(ParFile::length).toArray(),
                        () -> FileMd5s.onDisk(i -> drafts.path(files.get(i))),
                        proven::add);
        crew.awaitAll(md5s.begin(crew));
        for (int i = 0; i < files.size(); i++) {
            if (!files.get(i).md5().equals(md5s.whole(i))) {
                wrong.add(files.get(i));
            }
        }
    }
}

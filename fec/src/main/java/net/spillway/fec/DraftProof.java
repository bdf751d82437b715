package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.fec.engine.Md5Lanes;

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
    /** Slices proven at a time, as a multiple of the lanes. */
    private static final int ROUNDS = 4;

    private final Par2Set set;
    private final DraftFiles drafts;
    private final ParityOptions options;
    private final List<Piece> pieces = new ArrayList<>();
    private final Set<ParFile> wrong = ConcurrentHashMap.newKeySet();
    private final long total;
    private long done;

    /** Some slices of a file, numbered in the file; or all of it by its MD5, if there are none. */
    private record Piece(ParFile file, int first, int slices) {}

    private DraftProof(
            Par2Set set, DraftFiles drafts, Collection<ParFile> files, ParityOptions options) {
        this.set = set;
        this.drafts = drafts;
        this.options = options;
        total = files.stream().mapToLong(ParFile::length).sum();
        files.forEach(this::divide);
    }

    /** Which of some files that have drafts are wrong. */
    static Set<ParFile> wrong(
            Par2Set set, DraftFiles drafts, Collection<ParFile> files, ParityOptions options)
            throws IOException {
        DraftProof proof = new DraftProof(set, drafts, files, options);
        SharedWork.run(options.threads(), proof.pieces.size(), () -> proof.new Prover());
        return Set.copyOf(proof.wrong);
    }

    private void divide(ParFile file) {
        var lanes =
                SliceMd5s.lanes(
                        options.engine(), set.sliceSize(), file.checksums().size(), false);
        if (lanes.isEmpty()) {
            pieces.add(new Piece(file, 0, 0));
            return;
        }
        int most = lanes.get().lanes() * ROUNDS;
        for (int first = 0; first < file.sliceCount(); first += most) {
            pieces.add(new Piece(file, first, Math.min(most, file.sliceCount() - first)));
        }
    }

    private synchronized void proven(long bytes) {
        done += bytes;
        options.progress().progress(ProgressListener.Phase.CHECKING, done, total);
    }

    private final class Prover implements SharedWork.Worker {
        private final OpenFiles in = new OpenFiles(StandardOpenOption.READ);
        private SliceMd5s md5s;

        @Override
        public void work(int number) throws IOException {
            Piece piece = pieces.get(number);
            Path draft = drafts.path(piece.file);
            long before = piece.first * set.sliceSize();
            long bytes = piece.file.length() - before;
            boolean right = Files.size(draft) == piece.file.length();
            if (right && piece.first == 0) {
                right = FileDigests.head(draft).equals(piece.file.md5of16k());
            }
            if (right && piece.slices == 0) {
                right = FileDigests.whole(draft, n -> {}).equals(piece.file.md5());
            } else if (right) {
                bytes = Math.min(bytes, piece.slices * set.sliceSize());
                right = hasSlices(piece, draft, before, bytes);
            }
            if (!right) {
                wrong.add(piece.file);
            }
            proven(bytes);
        }

        private boolean hasSlices(Piece piece, Path draft, long before, long bytes)
                throws IOException {
            if (md5s == null) {
                Md5Lanes lanes = options.engine().md5Lanes().orElseThrow();
                md5s = new SliceMd5s(lanes, set.sliceSize());
            }
            return md5s.compute(
                    bytes,
                    (from, dst, offset, len) -> in.read(draft, before + from, dst, offset, len),
                    (slice, md5) ->
                            piece.file.checksums().get(piece.first + slice).md5().equals(md5),
                    n -> {});
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

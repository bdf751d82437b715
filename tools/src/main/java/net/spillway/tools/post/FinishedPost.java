package net.spillway.tools.post;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbException;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;

/**
 * A post whose process died between writing the manifest and deleting what it no longer needed.
 * That the manifest is this post's own is told by its message-IDs, which follow from the journal's
 * seed.
 */
final class FinishedPost {
    private FinishedPost() {}

    /** Deletes what such a process left, and says what it had posted; empty if there was none. */
    static Optional<PostResult> clearUp(Workplace place) throws IOException {
        if (!Files.isRegularFile(place.nzb())) {
            return Optional.empty();
        }
        Optional<PostSeed> seed = PostJournal.seedOf(place.journal());
        Optional<NzbFile> nzb = seed.isEmpty() ? Optional.empty() : manifest(place);
        if (nzb.isEmpty() || !follows(nzb.get(), seed.get())) {
            return Optional.empty();
        }
        Files.deleteIfExists(place.parity());
        Files.deleteIfExists(place.input());
        Files.deleteIfExists(place.journal());
        return Optional.of(result(place, nzb.get()));
    }

    private static Optional<NzbFile> manifest(Workplace place) throws IOException {
        try {
            return Optional.of(NzbReader.read(place.nzb()));
        } catch (NzbException e) {
            return Optional.empty(); // Somebody else's, whatever it is.
        }
    }

    private static boolean follows(NzbFile nzb, PostSeed seed) {
        return !nzb.entries().isEmpty() && seed.isOf(nzb.entries().getFirst().segments().getFirst().id(), 0);
    }

    private static PostResult result(Workplace place, NzbFile nzb) {
        List<FileNote> notes = nzb.meta().stream().filter(m -> m.type().equals(NzbFile.FILE))
                .flatMap(m -> FileNote.parse(m.value()).stream()).toList();
        long sliceSize = nzb.first(NzbFile.SLICE_SIZE).map(Long::parseLong).orElse(1L);
        int slices = notes.stream()
                .mapToInt(note -> (int) Math.ceilDiv(note.length(), sliceSize)).sum();
        int recovery = nzb.entries().stream().flatMap(e -> e.volume().stream())
                .mapToInt(NzbFile.Volume::count).sum();
        return new PostResult(place.nzb(), notes.size(),
                notes.stream().mapToLong(FileNote::length).sum(), recovery * sliceSize,
                nzb.segmentCount(), sliceSize, slices, recovery, 0, 0, nzb.segmentCount(),
                List.of(), List.of(), Duration.ZERO, false);
    }
}

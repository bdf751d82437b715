package net.spillway.tools.post;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.spillway.fec.packet.Hash16;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbReader;
import net.spillway.tools.progress.Figures;

/** Collects what a manifest says before its files. */
final class ManifestHead {
    private static final String TITLE = "title";
    /** The title, and what is said of slices. */
    private static final int FIXED_LINES = 3;

    private final List<NzbFile.Meta> lines = new ArrayList<>();

    ManifestHead(PostRequest request, Split split, String title) {
        if (request.meta().stream().noneMatch(meta -> meta.type().equals(TITLE))) {
            add(TITLE, title);
        }
        lines.addAll(request.meta());
        add(NzbFile.SLICE_SIZE, Integer.toString(split.sliceSize()));
        add(NzbFile.RECOVERY_ARTICLES, Integer.toString(split.articlesPerSlice()));
    }

    /**
     * Fails if a manifest of so much could not be read again by our own fetch.
     *
     * @param articles of data and parity
     */
    static void requireReadable(int articles, int files, int folders, PostRequest request) {
        if (articles > NzbReader.MOST_SEGMENTS) {
            long part = (long) request.partSize() * articles / NzbReader.MOST_SEGMENTS;
            long kib = part / 1024 + part / (20 * 1024) + 1; // Parity does not shrink just so.
            throw failure("The post would be " + Figures.count(articles, "article")
                    + ", and a manifest names " + Figures.count(NzbReader.MOST_SEGMENTS)
                    + " at most. " + (kib << 10 <= PostRequest.MAX_PART_SIZE
                            ? "Post with a larger --part-size, such as " + kib + "K"
                            : "Post it in several parts"));
        }
        long lines = FIXED_LINES + request.meta().size() + 2L * files + folders;
        if (lines > NzbReader.MOST_META) {
            throw failure(Figures.count(files, "file") + " and " + Figures.count(folders)
                    + " empty folders are more than a manifest can list ("
                    + Figures.count(NzbReader.MOST_META)
                    + " lines). Post them in several parts, or as an archive");
        }
    }

    private static CommandFailure failure(String what) {
        return new CommandFailure(ExitCode.FAILED, what + ". Nothing was posted.");
    }

    private void add(String type, String value) {
        lines.add(new NzbFile.Meta(type, value));
    }

    void file(FileNote note, InputFile input) {
        add(NzbFile.FILE, note.toMeta());
        add(NzbFile.MODIFIED, input.modified().toInstant() + " " + input.name());
    }

    void emptyFile(InputFile input) {
        file(new FileNote(0, Hash16.md5(new byte[0]).toString(), Optional.empty(), input.name()),
                input);
    }

    void folder(String name) {
        add(NzbFile.FOLDER, name);
    }

    List<NzbFile.Meta> lines() {
        return lines;
    }
}

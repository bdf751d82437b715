package net.spillway.tools.post;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.spillway.fec.packet.Hash16;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;

/** Collects what a manifest says before its files. */
final class ManifestHead {
    private static final String TITLE = "title";

    private final List<NzbFile.Meta> lines = new ArrayList<>();

    ManifestHead(PostRequest request, Split split, String title) {
        if (request.meta().stream().noneMatch(meta -> meta.type().equals(TITLE))) {
            add(TITLE, title);
        }
        lines.addAll(request.meta());
        add(NzbFile.SLICE_SIZE, Integer.toString(split.sliceSize()));
        add(NzbFile.RECOVERY_ARTICLES, Integer.toString(split.articlesPerSlice()));
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

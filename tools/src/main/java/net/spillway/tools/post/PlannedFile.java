package net.spillway.tools.post;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.spillway.protocol.YencEncoder;
import net.spillway.protocol.YencPart;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;

/**
 * A file to be posted, and where it is cut. Everything about its articles but their data follows
 * from this, in whatever order they are made and however often.
 */
final class PlannedFile {
    private final Naming.Names names;
    private final long[] bounds;
    private final int firstArticle;

    private PlannedFile(Naming.Names names, long[] bounds, int firstArticle) {
        this.names = names;
        this.bounds = bounds;
        this.firstArticle = firstArticle;
    }

    /**
     * A file.
     *
     * @param bounds where its articles begin, in order, and behind them its length
     * @param firstArticle the number of its first article among all of the post
     */
    static PlannedFile of(Naming.Names names, long[] bounds, int firstArticle) {
        return new PlannedFile(names, bounds.clone(), firstArticle);
    }

    /** A file cut into articles of one size, but for the last. */
    static PlannedFile even(Naming.Names names, long length, int size, int firstArticle) {
        long[] bounds = new long[Math.toIntExact(Math.ceilDiv(length, (long) size)) + 1];
        Arrays.setAll(bounds, i -> Math.min((long) i * size, length));
        return new PlannedFile(names, bounds, firstArticle);
    }

    long length() {
        return bounds[bounds.length - 1];
    }

    int parts() {
        return bounds.length - 1;
    }

    int firstArticle() {
        return firstArticle;
    }

    /** The number that the first article of the next file has. */
    int endArticle() {
        return firstArticle + parts();
    }

    /** Where in the file an article of the post begins. */
    long begin(int article) {
        return bounds[article - firstArticle];
    }

    /** How many octets of the file an article of the post has. */
    int length(int article) {
        return (int) (bounds[article - firstArticle + 1] - bounds[article - firstArticle]);
    }

    /** An article, with its data. */
    Outgoing article(int article, Outgoing.Payload data, Naming naming) {
        YencPart part = part(article);
        return new Outgoing(article, naming.messageId(article),
                ArticleHeads.subject(names.subject(), part.part(), parts()), part, data,
                length(article));
    }

    private YencPart part(int article) {
        return new YencPart(
                names.shown(), length(), article - firstArticle + 1, parts(), begin(article));
    }

    /** How the manifest lists it, with the sizes of bodies, as most programs count them. */
    NzbFile.Entry entry(PostRequest request, Naming naming, long date, PostJournal journal) {
        List<NzbFile.Segment> segments = new ArrayList<>(parts());
        for (int n = firstArticle; n < endArticle(); n++) {
            OptionalInt octets = journal.body(n);
            segments.add(new NzbFile.Segment(n - firstArticle + 1, octets.isPresent()
                    ? octets.getAsInt() : YencEncoder.usualSize(part(n), length(n)),
                    naming.messageId(n)));
        }
        return new NzbFile.Entry(ArticleHeads.subject(names.listed(), 1, parts()),
                naming.from(), date, request.groups(), segments);
    }

    /** What our own fetch wants to know of a data file. */
    FileNote note(String path, String hash, Naming naming) {
        return new FileNote(length(), hash, Optional.of(naming.messageId(firstArticle)), path);
    }
}

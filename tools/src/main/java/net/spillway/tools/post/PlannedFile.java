package net.spillway.tools.post;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.spillway.fec.FileHashes;
import net.spillway.fec.packet.Hash16;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.YencPart;
import net.spillway.tools.nzb.FileNote;
import net.spillway.tools.nzb.NzbFile;

/**
 * A file on its way into articles: what it is called in them, and the segments made so far. For the
 * thread that reads.
 */
final class PlannedFile {
    private final String shownName;
    private final long length;
    private final int parts;
    private final List<NzbFile.Segment> segments = new ArrayList<>();

    /**
     * A file.
     *
     * @param shownName name in subjects and yEnc headers
     * @param length octets
     * @param parts how many articles it becomes
     */
    PlannedFile(String shownName, long length, int parts) {
        this.shownName = shownName;
        this.length = length;
        this.parts = parts;
    }

    /** The article that carries the next octets. */
    Outgoing next(long begin, Outgoing.Payload data, int octets, String domain) {
        int part = segments.size() + 1;
        MessageId id = MessageId.random(domain);
        segments.add(new NzbFile.Segment(part, octets, id));
        return new Outgoing(id, ArticleBuilder.subject(shownName, part, parts),
                new YencPart(shownName, length, part, parts, begin), data, octets);
    }

    NzbFile.Entry entry(PostRequest request, long date) {
        return new NzbFile.Entry(ArticleBuilder.subject(shownName, 1, parts), request.from(), date,
                request.groups(), segments);
    }

    /** What our own fetch wants to know of a data file. */
    FileNote note(String path, Hash16 md5) {
        Optional<MessageId> first = segments.stream().findFirst().map(NzbFile.Segment::id);
        return new FileNote(length, md5.toString(), first, path);
    }

    /** A data file with its place in the set, and its hashes once it has been read. */
    static final class Data {
        final InputFile input;
        final PlannedFile plan;
        final Hash16 headMd5;
        final int firstSlice;
        FileHashes hashes;

        Data(InputFile input, PlannedFile plan, Hash16 headMd5, int firstSlice) {
            this.input = input;
            this.plan = plan;
            this.headMd5 = headMd5;
            this.firstSlice = firstSlice;
        }
    }
}

package net.spillway.tools.fetch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.YencEncoder;
import net.spillway.protocol.YencPart;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.nzb.NzbWriter;

/** Posts as other programs do: no notes in the manifest, and articles of any size. */
final class ForeignPost {
    private final ScriptedServer server;
    private final List<NzbFile.Entry> entries = new ArrayList<>();
    private final List<NzbFile.Meta> meta = new ArrayList<>();

    ForeignPost(ScriptedServer server) {
        this.server = server;
    }

    /** A file under one name in the subject and another in its yEnc headers. */
    ForeignPost add(String subject, String yencName, byte[] bytes, int articleSize) {
        return add(subject, yencName, bytes.length, bytes, articleSize);
    }

    /** The same, with a size in the yEnc headers that need not be true. */
    ForeignPost add(String subject, String yencName, long claimed, byte[] bytes,
            int articleSize) {
        int total = Math.max(1, Math.ceilDiv(bytes.length, articleSize));
        List<NzbFile.Segment> segments = new ArrayList<>();
        for (int part = 1; part <= total; part++) {
            int from = (part - 1) * articleSize;
            byte[] data = Arrays.copyOfRange(
                    bytes, from, Math.min(bytes.length, from + articleSize));
            MessageId id = MessageId.random("foreign.example");
            byte[] body = YencEncoder.encodePart(
                    new YencPart(yencName, bytes.length, part, total, from), data, 0, data.length);
            put(id, subject, new String(body, StandardCharsets.ISO_8859_1)
                    .replace(" size=" + bytes.length + " name=", " size=" + claimed + " name=")
                    .getBytes(StandardCharsets.ISO_8859_1));
            segments.add(new NzbFile.Segment(part, data.length, id));
        }
        entries.add(new NzbFile.Entry(subject, "Joe <joe@example.org>", 1, List.of("spill.test"),
                segments));
        return this;
    }

    /** The manifest does not name the last articles of the last file. */
    ForeignPost without(int articles) {
        NzbFile.Entry last = entries.removeLast();
        entries.add(new NzbFile.Entry(last.subject(), last.poster(), last.date(), last.groups(),
                last.segments().subList(0, last.segments().size() - articles)));
        return this;
    }

    /** The manifest has two articles of the last file under each other's numbers. */
    ForeignPost swapping(int one, int other) {
        NzbFile.Entry last = entries.removeLast();
        List<NzbFile.Segment> segments = new ArrayList<>(last.segments());
        NzbFile.Segment first = segments.get(one);
        NzbFile.Segment second = segments.get(other);
        segments.set(one, new NzbFile.Segment(first.number(), second.bytes(), second.id()));
        segments.set(other, new NzbFile.Segment(second.number(), first.bytes(), first.id()));
        entries.add(new NzbFile.Entry(last.subject(), last.poster(), last.date(), last.groups(),
                segments));
        return this;
    }

    /** The manifest does not name an article of the last file, nor use its number. */
    ForeignPost withoutThat(int article) {
        NzbFile.Entry last = entries.removeLast();
        List<NzbFile.Segment> segments = new ArrayList<>(last.segments());
        segments.remove(article);
        entries.add(new NzbFile.Entry(last.subject(), last.poster(), last.date(), last.groups(),
                segments));
        return this;
    }

    ForeignPost meta(String type, String value) {
        meta.add(new NzbFile.Meta(type, value));
        return this;
    }

    private void put(MessageId id, String subject, byte[] body) {
        byte[] head = ("Subject: " + subject + "\r\nMessage-ID: " + id.value() + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] wire = Arrays.copyOf(head, head.length + body.length + 3);
        System.arraycopy(body, 0, wire, head.length, body.length);
        System.arraycopy(".\r\n".getBytes(), 0, wire, head.length + body.length, 3);
        server.articles().put(id.value(), wire);
    }

    /** The message-IDs of a file's articles. */
    List<String> ids(int entry) {
        return entries.get(entry).segments().stream().map(s -> s.id().value()).toList();
    }

    NzbFile nzb() {
        return new NzbFile(meta, entries);
    }

    Path write(Path file) throws IOException {
        NzbWriter.write(nzb(), file);
        return file;
    }
}

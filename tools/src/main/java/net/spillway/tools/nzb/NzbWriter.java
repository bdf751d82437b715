package net.spillway.tools.nzb;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes manifests that other clients read: NZB 1.1 in UTF-8, message-IDs without brackets. */
public final class NzbWriter {
    private NzbWriter() {}

    /**
     * Writes a manifest beside its final name and moves it there; what has that name already is
     * not replaced.
     */
    public static void write(NzbFile nzb, Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path unfinished = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            try (Writer out = Files.newBufferedWriter(unfinished, StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE_NEW)) {
                write(nzb, out);
            }
            name(unfinished, file);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** A hard link fails where a file of that name has appeared; a move might replace it. */
    private static void name(Path unfinished, Path file) throws IOException {
        try {
            Files.createLink(file, unfinished);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            Files.move(unfinished, file); // There are no hard links here.
        }
    }

    /** Writes a manifest as text. */
    public static void write(NzbFile nzb, Appendable out) throws IOException {
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.append("<!DOCTYPE nzb PUBLIC \"-//newzBin//DTD NZB 1.1//EN\"");
        out.append(" \"http://www.newzbin.com/DTD/nzb/nzb-1.1.dtd\">\n");
        out.append("<nzb xmlns=\"http://www.newzbin.com/DTD/2003/nzb\">\n");
        if (!nzb.meta().isEmpty()) {
            out.append("  <head>\n");
            for (NzbFile.Meta meta : nzb.meta()) {
                out.append("    <meta type=\"").append(escape(meta.type())).append("\">");
                out.append(escape(meta.value())).append("</meta>\n");
            }
            out.append("  </head>\n");
        }
        for (NzbFile.Entry entry : nzb.entries()) {
            write(entry, out);
        }
        out.append("</nzb>\n");
    }

    private static void write(NzbFile.Entry entry, Appendable out) throws IOException {
        out.append("  <file poster=\"").append(escape(entry.poster()));
        out.append("\" date=\"").append(Long.toString(entry.date()));
        out.append("\" subject=\"").append(escape(entry.subject())).append("\">\n");
        out.append("    <groups>\n");
        for (String group : entry.groups()) {
            out.append("      <group>").append(escape(group)).append("</group>\n");
        }
        out.append("    </groups>\n    <segments>\n");
        for (NzbFile.Segment segment : entry.segments()) {
            out.append("      <segment bytes=\"").append(Long.toString(segment.bytes()));
            out.append("\" number=\"").append(Integer.toString(segment.number())).append("\">");
            out.append(escape(segment.id().bare())).append("</segment>\n");
        }
        out.append("    </segments>\n  </file>\n");
    }

    /** For text and for attributes in double quotes; what XML can't hold becomes {@code ?}. */
    private static String escape(String text) {
        if (isPlain(text)) {
            return text; // As all message-IDs are.
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isXml(c) ? c : '?');
            }
        });
        return escaped.toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '&' || c == '<' || c == '>' || c == '"') {
                return false;
            }
        }
        return true;
    }

    private static boolean isXml(int c) {
        return c >= 0x20 && c <= 0xd7ff || c >= 0xe000 && c <= 0xfffd || c >= 0x10000;
    }
}

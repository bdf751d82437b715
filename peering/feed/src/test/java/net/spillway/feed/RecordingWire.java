package net.spillway.feed;

import java.util.ArrayList;
import java.util.List;

/** Remembers what was said; articles stay on their way until the test says otherwise. */
final class RecordingWire implements Wire {
    final List<OutgoingArticle> onTheWay = new ArrayList<>();
    boolean closed;
    long octets;
    private final List<String> said = new ArrayList<>();

    /** What was said since the last call; an article stands as ARTICLE. */
    List<String> said() {
        List<String> lines = List.copyOf(said);
        said.clear();
        return lines;
    }

    @Override
    public void line(String line) {
        said.add(line);
    }

    @Override
    public void article(OutgoingArticle article) {
        said.add("ARTICLE");
        onTheWay.add(article);
    }

    @Override
    public void compress() {
        said.add("(compressed from here on)");
    }

    @Override
    public void flush() {
    }

    @Override
    public long octetsWritten() {
        return octets;
    }

    @Override
    public void consumed(int lines) {
    }

    @Override
    public void close() {
        closed = true;
        onTheWay.forEach(OutgoingArticle::close);
        onTheWay.clear();
    }
}

package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.net.nntp.Article;
import org.apache.commons.net.nntp.ArticleInfo;
import org.apache.commons.net.nntp.NNTPClient;
import org.apache.commons.net.nntp.NewsgroupInfo;
import org.apache.commons.net.nntp.SimpleNNTPHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache Commons Net's client, which is nobody's here, reads and posts. */
class CommonsNetIT {
    private static final String GROUP = "it.commons";

    @TempDir
    Path temp;
    private Federation federation;
    private final NNTPClient client = new NNTPClient();

    @BeforeEach
    void connect() throws IOException {
        federation = Federation.ofOne(temp, GROUP);
        RelayProcess relay = federation.relay("solo");
        client.setDefaultTimeout(60_000);
        client.connect(relay.address().getAddress(), relay.address().getPort());
    }

    @AfterEach
    void stop() throws IOException {
        client.disconnect();
        federation.close();
    }

    private void post(String subject, String references) throws IOException {
        SimpleNNTPHeader header = new SimpleNNTPHeader("Test <test@example.org>", subject);
        header.addNewsgroup(GROUP);
        if (!references.isEmpty()) {
            header.addHeaderField("References", references);
        }
        Writer writer = client.postArticle();
        assertNotNull(writer, client::getReplyString);
        writer.write(header.toString());
        writer.write("First line\n.starts with a dot\n..with two\n.\nlast line\n");
        writer.close();
        assertTrue(client.completePendingCommand(), client::getReplyString);
    }

    private static String text(Reader reader) throws IOException {
        try (BufferedReader lines = new BufferedReader(reader)) {
            return String.join("\n", lines.lines().toList());
        }
    }

    @Test
    void groupsAreListedWithTheirDescriptions() throws IOException {
        NewsgroupInfo[] groups = client.listNewsgroups();
        assertEquals(List.of(GROUP),
                Arrays.stream(groups).map(NewsgroupInfo::getNewsgroup).toList());
        assertEquals(NewsgroupInfo.PERMITTED_POSTING_PERMISSION,
                groups[0].getPostingPermission());
        assertEquals(1, client.listNewsgroups("it.*").length);
        assertEquals(0, client.listNewsgroups("nothing.*").length);
    }

    @Test
    void postedArticlesAreReadBack() throws IOException {
        post("one", "");
        post("two", "");
        NewsgroupInfo group = new NewsgroupInfo();
        assertTrue(client.selectNewsgroup(GROUP, group), client::getReplyString);
        assertEquals(2, group.getArticleCountLong());
        ArticleInfo info = new ArticleInfo();
        String article = text(client.retrieveArticle(group.getFirstArticleLong(), info));
        assertTrue(article.contains("\nSubject: one\n"), article);
        assertTrue(article.endsWith("First line\n.starts with a dot\n..with two\n.\nlast line"),
                article);
        assertEquals(article, text(client.retrieveArticle(info.articleId)));
        assertTrue(text(client.retrieveArticleHeader(info.articleId)).contains("Subject: one"));
        assertTrue(text(client.retrieveArticleBody(info.articleId)).startsWith("First line"));
    }

    @Test
    void articlesAreWalkedWithNextAndLast() throws IOException {
        post("one", "");
        post("two", "");
        assertTrue(client.selectNewsgroup(GROUP));
        ArticleInfo first = new ArticleInfo();
        assertTrue(client.selectArticle(first), client::getReplyString);
        ArticleInfo second = new ArticleInfo();
        assertTrue(client.selectNextArticle(second), client::getReplyString);
        assertFalse(first.articleId.equals(second.articleId));
        assertFalse(client.selectNextArticle(), client::getReplyString);
        ArticleInfo back = new ArticleInfo();
        assertTrue(client.selectPreviousArticle(back), client::getReplyString);
        assertEquals(first.articleId, back.articleId);
    }

    @Test
    void overviewNamesEveryArticle() throws IOException {
        post("one", "");
        post("two", "<parent@example.org>");
        NewsgroupInfo group = new NewsgroupInfo();
        assertTrue(client.selectNewsgroup(GROUP, group));
        List<String> subjects = new ArrayList<>();
        List<String> references = new ArrayList<>();
        for (Article article : client.iterateArticleInfo(
                group.getFirstArticleLong(), group.getLastArticleLong())) {
            subjects.add(article.getSubject());
            references.addAll(Arrays.asList(article.getReferences()));
        }
        assertEquals(List.of("one", "two"), subjects);
        assertEquals(List.of("<parent@example.org>"), references);
    }

    @Test
    void whatIsNotThereIsSaidToBeNotThere() throws IOException {
        assertFalse(client.selectNewsgroup("no.such.group"));
        assertEquals(411, client.getReplyCode());
        assertFalse(client.selectArticle("<no.such.article@example.org>", new ArticleInfo()));
        assertEquals(430, client.getReplyCode());
    }
}

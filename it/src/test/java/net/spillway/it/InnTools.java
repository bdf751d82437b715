package net.spillway.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * INN's own programs for posting and feeding, without innd: each is told by a configuration of its
 * own that the news server is somewhere else.
 */
final class InnTools {
    private static final Path BIN = Path.of("/usr/lib/news/bin");

    private final Path root;

    private InnTools(Path root) {
        this.root = root;
    }

    /** Why they can't be run here, or an empty string if they can. */
    static String obstacle() {
        return Inn.obstacle();
    }

    /** @param root an empty folder that every user can reach */
    static InnTools in(Path root) throws IOException {
        for (String dir : List.of("etc", "db", "log", "run", "tmp", "spool/articles",
                "spool/incoming/bad", "spool/outgoing")) {
            Files.createDirectories(root.resolve(dir));
        }
        Files.writeString(root.resolve("etc/inn.conf"), """
                mta: "/bin/true %%s"
                organization: none
                ovmethod: tradindexed
                hismethod: hisv6
                pathhost: tools.example
                fromhost: tools.example
                domain: example
                server: 127.0.0.1
                pathnews: /usr/lib/news
                pathbin: /usr/lib/news/bin
                pathetc: %1$s/etc
                pathdb: %1$s/db
                pathlog: %1$s/log
                pathrun: %1$s/run
                pathspool: %1$s/spool
                patharticles: %1$s/spool/articles
                pathincoming: %1$s/spool/incoming
                pathoutgoing: %1$s/spool/outgoing
                pathtmp: %1$s/tmp
                """.formatted(root));
        Files.writeString(root.resolve("etc/storage.conf"),
                "method tradspool {\n newsgroups: *\n class: 0\n}\n");
        return new InnTools(root);
    }

    /** Posts an article with its headers; gives what inews said. */
    String inews(int port, String article) throws IOException, InterruptedException {
        return run(article.getBytes(StandardCharsets.UTF_8), "inews", "-h", "-S", "-p", "" + port);
    }

    /** Sends a batch of articles, each in wire form, as a site that is fed by UUCP does. */
    String rnews(int port, List<byte[]> articles) throws IOException, InterruptedException {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        for (byte[] article : articles) {
            byte[] plain = unstuffed(article);
            batch.write(("#! rnews " + plain.length + "\n").getBytes(StandardCharsets.US_ASCII));
            batch.write(plain);
        }
        return run(batch.toByteArray(), "rnews", "-v", "-N", "-S", "127.0.0.1", "-P", "" + port);
    }

    /** Feeds articles that lie in files, in wire form and with their message-IDs. */
    String innxmit(int port, List<TestArticle> articles, String path, String date,
            String... options) throws IOException, InterruptedException {
        StringBuilder batch = new StringBuilder();
        Path folder = Files.createDirectories(root.resolve("spool/articles/batch"));
        for (int i = 0; i < articles.size(); i++) {
            Path file = folder.resolve("" + i);
            Files.write(file, articles.get(i).relayedWire(path, date));
            batch.append(file).append(' ').append(articles.get(i).id()).append('\n');
        }
        Path list = root.resolve("spool/outgoing/list");
        Files.writeString(list, batch);
        List<String> command = new ArrayList<>(List.of("innxmit", "-v", "-l", "-P", "" + port));
        command.addAll(List.of(options));
        command.addAll(List.of("127.0.0.1", list.toString()));
        return run(new byte[0], command.toArray(String[]::new));
    }

    /** As UUCP carries it: lines end in LF, nothing is stuffed, no dot ends it. */
    private static byte[] unstuffed(byte[] wire) {
        String text = new String(wire, StandardCharsets.ISO_8859_1);
        String body = text.substring(0, text.length() - ".\r\n".length());
        return body.replace("\r\n..", "\r\n.").replace("\r\n", "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private String run(byte[] input, String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command));
        words.set(0, BIN.resolve(command[0]).toString());
        Path said = Files.createTempFile(root, "said", ".txt");
        Path told = Files.createTempFile(root, "told", ".txt");
        Files.write(told, input);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectInput(told.toFile()).redirectOutput(said.toFile());
        builder.environment().put("INNCONF", root.resolve("etc/inn.conf").toString());
        builder.environment().put("NNTPSERVER", "127.0.0.1");
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(words + " took more than 60 s: " + Files.readString(said));
        }
        String text = Files.readString(said, StandardCharsets.ISO_8859_1);
        if (process.exitValue() != 0) {
            throw new IOException(words + " ended " + process.exitValue() + ": " + text);
        }
        return text;
    }
}

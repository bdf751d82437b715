package net.spillway.benchmarks.relay;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * InterNetNews as Debian packages it, set up for binaries: articles in CNFS buffers, overview in
 * tradindexed, large caches. It never asks the disk for anything: what it acknowledges is with the
 * operating system. innd becomes the user news, so this needs root.
 *
 * @param bufferMebibytes size of each CNFS buffer; the files are sparse
 */
public record Inn(int bufferMebibytes) implements Server {
    private static final Path BIN = Path.of("/usr/lib/news/bin");
    private static final String PEER = "127.0.0.5";
    private static final int BUFFERS = 4;
    private static final int PATH_OCTETS = 63;

    /** Whether it can be run here. */
    public static boolean isThere() {
        return Files.isExecutable(BIN.resolve("innd"))
                && "root".equals(System.getProperty("user.name"));
    }

    @Override
    public String name() {
        return "inn";
    }

    @Override
    public String description() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("dpkg-query", "-W", "-f", "${Version}", "inn2")
                .redirectErrorStream(true).start();
        String version = new String(process.getInputStream().readAllBytes()).strip();
        process.waitFor();
        return "inn: inn2 " + version + ", CNFS, tradindexed, no fsync";
    }

    /**
     * What two servers can differ in.
     *
     * @param host      its name in Path
     * @param groups    those it carries
     * @param peer      the address that its peer comes from
     * @param newsfeeds the file of that name
     * @param innfeed   the file innfeed.conf; "" if it feeds nobody
     */
    public record Setup(String host, List<String> groups, String peer, String newsfeeds,
            String innfeed) {}

    @Override
    public Running start(Path folder, int port, String processors)
            throws IOException, InterruptedException {
        Process innd = start(folder, port, new Setup("inn.example", Row.groups(), PEER,
                "ME:*:Tp:\n", ""), "taskset", "-c", processors);
        return new Running(innd, PEER);
    }

    /**
     * Starts it set up like this, and returns when it serves.
     *
     * @param launcher words before the command
     */
    public Process start(Path folder, int port, Setup setup, String... launcher)
            throws IOException, InterruptedException {
        // news must be able to reach a folder that was made for us alone.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : List.of("db", "etc", "log", "run", "tmp", "spool/articles",
                "spool/overview", "spool/incoming", "spool/outgoing", "spool/archive",
                "spool/innfeed")) {
            Files.createDirectories(folder.resolve(name));
        }
        configure(folder, port, setup);
        run(folder, "chown", "-R", "news:news", folder.toString());
        run(folder, BIN.resolve("makedbz").toString(), "-i", "-o", "-s", "2000000");
        run(folder, "chown", "-R", "news:news", folder.toString());
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of(BIN + "/innd", "-f", "-P", "" + port));
        Process innd = process(folder, command).start();
        Port.await(innd, port, folder.resolve("out"));
        return innd;
    }

    private void configure(Path root, int port, Setup setup) throws IOException {
        write(root, "etc/inn.conf", INN_CONF.formatted(root, port, setup.host()));
        write(root, "db/active", "control 0000000000 0000000001 n\n"
                + "control.cancel 0000000000 0000000001 n\njunk 0000000000 0000000001 n\n"
                + setup.groups().stream().map(group -> group + " 0000000000 0000000001 y\n")
                        .collect(Collectors.joining()));
        write(root, "db/newsgroups", "");
        write(root, "db/active.times", "");
        write(root, "db/history", "");
        write(root, "etc/storage.conf",
                "method cnfs {\n newsgroups: *\n class: 0\n options: BENCH\n}\n");
        var buffers = new StringBuilder("cycbuffupdate:1000\nrefreshinterval:300\n");
        var names = new ArrayList<String>();
        for (int i = 1; i <= BUFFERS; i++) {
            Path file = root.resolve("b" + i);
            if (file.toString().length() > PATH_OCTETS) {
                throw new IOException(file + " is too long a path for CNFS; give --folder one of "
                        + (PATH_OCTETS - file.toString().length()
                                + root.getParent().getParent().toString().length())
                        + " octets");
            }
            try (var made = new RandomAccessFile(file.toFile(), "rw")) {
                made.setLength((long) bufferMebibytes << 20);
            }
            buffers.append("cycbuff:B").append(i).append(':').append(file).append(':')
                    .append(bufferMebibytes * 1024L).append('\n');
            names.add("B" + i);
        }
        write(root, "etc/cycbuff.conf", buffers + "metacycbuff:BENCH:" + String.join(",", names)
                + ":SEQUENTIAL\n");
        write(root, "etc/incoming.conf", "streaming: true\nmax-connections: 50\n"
                + "peer loadgen {\n  hostname: \"" + setup.peer() + "\"\n}\n");
        write(root, "etc/newsfeeds", setup.newsfeeds());
        write(root, "etc/innfeed.conf", setup.innfeed());
        write(root, "etc/expire.ctl", "/remember/:11\n*:A:1:10:never\n");
        write(root, "etc/readers.conf", "auth all {\n hosts: \"127.0.0.0/8\"\n default: \"b\"\n}\n"
                + "access all {\n users: \"*\"\n newsgroups: \"*\"\n access: \"RPA\"\n}\n");
    }

    private static final String INN_CONF = """
            mta: "/bin/true %%s"
            organization: none
            ovmethod: tradindexed
            hismethod: hisv6
            pathhost: %3$s
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
            pathoverview: %1$s/spool/overview
            pathincoming: %1$s/spool/incoming
            pathoutgoing: %1$s/spool/outgoing
            patharchive: %1$s/spool/archive
            pathtmp: %1$s/tmp
            pathfilter: %1$s/etc/none
            bindaddress: 127.0.0.1
            port: %2$d
            nnrpdpostport: %2$d
            maxartsize: 10000000
            localmaxartsize: 10000000
            maxconnections: 100
            maxforks: 100
            nnrpdloadlimit: 0
            nicekids: 0
            hiscachesize: 16384
            msgidcachesize: 64000
            overcachesize: 128
            icdsynccount: 1000
            datamovethreshold: 65536
            articlemmap: true
            tradindexedmmap: true
            nnrpdcheckart: false
            nnrpdoverstats: false
            incominglogfrequency: 100000
            pgpverify: false
            timer: 0
            status: 0
            doinnwatch: false
            """;

    private static void write(Path root, String name, String text) throws IOException {
        Files.writeString(root.resolve(name), text);
    }

    private static ProcessBuilder process(Path root, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("INNCONF", root.resolve("etc/inn.conf").toString());
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(root.resolve("out").toFile()));
        return builder;
    }

    private static void run(Path root, String... command)
            throws IOException, InterruptedException {
        if (process(root, List.of(command)).start().waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed:\n"
                    + Files.readString(root.resolve("out")));
        }
    }
}

package net.spillway.benchmarks.clients;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Posts and fetches a file of noise with our program and with the peers that are found. */
public final class Main {
    private static final String HELP = """
            run [--size MIB] [--nyuu FILE] [--nzbget FILE] [--sabnzbd FILE] [--par2 FILE]
                [--folder DIR] [--spool-folder DIR] [--rows WORD,...]
              --size MIB     octets of the file, 1024 unless said
              --nyuu FILE    its nyuu; found in the PATH unless said
              --nzbget FILE  its nzbget; found in the PATH unless said
              --sabnzbd FILE its sabnzbdplus; found in the PATH unless said
              --par2 FILE    par2cmdline or its turbo, for parity beside Nyuu's posts and for
                             SABnzbd's repairs; par2-turbo or par2 in the PATH unless said
              --rows WORD,.. only these: plain, parity, clean, lag, missing, three. Posting with
                             parity is measured for all but plain, since the others fetch that
              --folder DIR   where everything is written; a temporary folder unless said
              --spool-folder DIR  where the relays keep their articles; in the same unless said
            Every command is a process of its own, started anew; CPU is that of its whole tree.
            Peers that are not found are left out. Articles have 716,800 octets; 8 connections.
            Whoever posts finds a fresh relay that has taken a small post before. What a row no
            longer needs is deleted: at a time there are the file, what one program fetched of it
            (twice for missing), and spools of 1.12 times its size: one for plain, parity, clean;
            two for lag and missing, four for three. So 4 GiB need 13 GiB for plain, parity and
            clean, of which 4.5 may lie in --spool-folder; that must be free before it begins.""";
    private static final String NAME = "noise.bin";
    private static final long WARM_UP = 96 << 20;
    private static final double WITH_PARITY = 1.12;
    private static final int PART = 716_800;
    private static final String CONNECTIONS = "8";
    private static final Pattern SEGMENT = Pattern.compile("<segment [^>]*>([^<]+)</segment>");
    private static final Pattern FILE = Pattern.compile("<file .*?</file>", Pattern.DOTALL);

    private final Path root = Path.of(System.getProperty("benchmark.root"));
    private final Path launcher = root.resolve("tools/bin/spillway");
    private final Path folder;
    private final Path spools;
    private final Path input;
    private final Path small;
    private final long size;
    private final String nyuu;
    private final String nzbget;
    private final String sabnzbd;
    private final String par2;
    private final List<String> rows;
    private int runs;

    private Main(List<String> options) throws IOException {
        size = Long.parseLong(option(options, "--size", "1024")) << 20;
        nyuu = option(options, "--nyuu", inPath("nyuu"));
        nzbget = option(options, "--nzbget", inPath("nzbget"));
        sabnzbd = option(options, "--sabnzbd", inPath("sabnzbdplus"));
        String turbo = inPath("par2-turbo");
        par2 = option(options, "--par2", turbo.isEmpty() ? inPath("par2") : turbo);
        rows = List.of(option(options, "--rows", "plain,parity,clean,lag,missing,three").split(","));
        String where = option(options, "--folder", "");
        folder = where.isEmpty() ? Files.createTempDirectory("clients-benchmark")
                : Files.createDirectories(Path.of(where));
        String other = option(options, "--spool-folder", "");
        spools = other.isEmpty() ? folder : Files.createDirectories(Path.of(other));
        input = Files.createDirectories(folder.resolve("in")).resolve(NAME);
        small = Files.createDirectories(folder.resolve("small")).resolve(NAME);
    }

    public static void main(String[] args) throws Exception {
        List<String> options = Arrays.asList(args);
        if (options.contains("--help")) {
            System.out.println(HELP);
            return;
        }
        new Main(options).run();
    }

    private static String option(List<String> options, String name, String otherwise) {
        int at = options.indexOf(name);
        return at < 0 || at + 1 == options.size() ? otherwise : options.get(at + 1);
    }

    private static String inPath(String program) {
        return Stream.of(System.getenv("PATH").split(":")).map(p -> Path.of(p, program))
                .filter(Files::isExecutable).map(Path::toString).findFirst().orElse("");
    }

    private void run() throws IOException, InterruptedException {
        requireSpace();
        noise(input, size);
        noise(small, Math.min(size, WARM_UP));
        System.out.printf("%d MiB of noise in articles of %,d octets, %s connections%n",
                size >> 20, PART, CONNECTIONS);
        System.out.printf("%-24s %-14s %8s %8s %10s  %s%n", "", "", "CPU s", "wall s", "peak MiB",
                "remarks");
        if (rows.contains("plain")) {
            plain();
        }
        if (rows.contains("parity") && !nyuu.isEmpty() && !par2.isEmpty()) {
            try (Mirror fresh = fresh("fresh")) {
                row("post with 10 % parity", "par2 + nyuu", parityAndNyuu(fresh.port()), "");
            }
        }
        if (!rows.equals(List.of("plain"))) {
            withParity();
        }
        Trees.delete(input.getParent());
        Trees.delete(small.getParent());
        System.out.println("manifests and what was said are in " + folder);
    }

    /** Before anything is measured, not after an hour. */
    private void requireSpace() throws IOException {
        int mirrors = rows.contains("three") ? 4
                : rows.contains("lag") || rows.contains("missing") ? 2 : 1;
        boolean fetched =
                rows.stream().anyMatch(row -> !row.equals("plain") && !row.equals("parity"));
        // Who repairs may put the file together anew.
        double files = rows.contains("missing") ? 3 : fetched ? 2 : WITH_PARITY;
        long held = (long) (mirrors * WITH_PARITY * size);
        long here = (long) (files * size) + 3 * WARM_UP;
        boolean same = Files.getFileStore(folder).equals(Files.getFileStore(spools));
        requireSpace(folder, same ? here + held : here);
        requireSpace(spools, held);
    }

    private static void requireSpace(Path where, long needed) throws IOException {
        long free = Files.getFileStore(where).getUsableSpace();
        if (free < needed) {
            throw new IOException(String.format(Locale.ROOT, "%s has %.1f GiB free, and %.1f are"
                    + " needed; see --help", where, free / 0x1p30, needed / 0x1p30));
        }
    }

    /** A relay that has been used a little, so that nobody is the first it has to do with. */
    private Mirror fresh(String name) throws IOException, InterruptedException {
        Mirror fresh = Mirror.start(launcher, spools.resolve(name));
        post(small, fresh.hostPort(), "0%", folder.resolve("small.nzb"));
        return fresh;
    }

    private void plain() throws IOException, InterruptedException {
        try (Mirror fresh = fresh("fresh")) {
            row("post without parity", "spillway",
                    post(input, fresh.hostPort(), "0%", folder.resolve("plain.nzb")), "");
        }
        if (!nyuu.isEmpty()) {
            try (Mirror fresh = fresh("fresh")) {
                row("", "nyuu", nyuu(fresh.port(), List.of(input)), "");
            }
        }
    }

    private void withParity() throws IOException, InterruptedException {
        Path nzb = folder.resolve("noise.nzb");
        try (Mirror base = fresh("base")) {
            row("post with 10 % parity", "spillway", post(input, base.hostPort(), "10%", nzb), "");
            if (rows.contains("clean")) {
                fetches("clean fetch", nzb, List.of(base));
            }
            if (rows.contains("lag")) {
                lagged(base, nzb);
            }
            base.stop();
            List<String> data = dataIds(nzb);
            if (rows.contains("missing")) {
                missing(base, nzb, data);
            }
            if (rows.contains("three")) {
                three(base, nzb, data);
            }
        }
    }

    private void missing(Mirror base, Path nzb, List<String> data)
            throws IOException, InterruptedException {
        try (Mirror lossy = base.copyWithout("lossy", every(data, 20, 3))) {
            fetches("5 % missing everywhere", nzb, List.of(lossy));
        }
    }

    private void three(Mirror base, Path nzb, List<String> data)
            throws IOException, InterruptedException {
        int quarter = data.size() / 4;
        try (Mirror a = base.copyWithout("a", data.subList(0, quarter));
                Mirror b = base.copyWithout("b", data.subList(quarter, 2 * quarter));
                Mirror c = base.copyWithout("c", data.subList(2 * quarter, 3 * quarter))) {
            fetches("three lack a quarter", nzb, List.of(a, b, c));
        }
    }

    private void lagged(Mirror base, Path nzb) throws IOException, InterruptedException {
        Path proxy = folder.resolve("lagproxy");
        Measured.run(folder, List.of("gcc", "-O2", "-pthread", "-w", "-o", proxy.toString(),
                root.resolve("it/benchmarks/relay/lagproxy.c").toString()));
        try (Lag lag = new Lag(proxy, base.port())) {
            row("fetch over 100 ms", "spillway", fetch(nzb, lag.hostPort()), "");
            peers(nzb, List.of(lag.port()));
        }
        try (Mirror fresh = fresh("fresh"); Lag lag = new Lag(proxy, fresh.port())) {
            row("post over 100 ms", "spillway",
                    post(input, lag.hostPort(), "0%", folder.resolve("far.nzb")), "by TAKETHIS");
        }
        try (Mirror fresh = fresh("fresh"); Lag lag = new Lag(proxy, fresh.port())) {
            row("", "spillway", post(input, lag.hostPort(), "0%", folder.resolve("post.nzb"),
                    "--method", "post"), "by POST");
        }
        if (!nyuu.isEmpty()) {
            try (Mirror fresh = fresh("fresh"); Lag lag = new Lag(proxy, fresh.port())) {
                row("", "nyuu", nyuu(lag.port(), List.of(input), "--post-method", "takethis"),
                        "by TAKETHIS");
            }
            try (Mirror fresh = fresh("fresh"); Lag lag = new Lag(proxy, fresh.port())) {
                row("", "nyuu", nyuu(lag.port(), List.of(input)), "by POST");
            }
        }
    }

    private void fetches(String what, Path nzb, List<Mirror> from)
            throws IOException, InterruptedException {
        Measured ours = fetch(nzb, String.join(",",
                from.stream().map(Mirror::hostPort).toList()));
        row(what, "spillway", ours, sum(ours.said(), "articles") + " articles fetched, "
                + sum(ours.said(), "misses") + " requests into misses, "
                + field(ours.said(), "octetsReadBack") + " octets read back");
        peers(nzb, from.stream().map(Mirror::port).toList());
    }

    private void peers(Path nzb, List<Integer> ports) throws IOException, InterruptedException {
        if (!nzbget.isEmpty()) {
            row("", "nzbget", nzbget(nzb, ports), "");
        }
        if (!sabnzbd.isEmpty()) {
            row("", "sabnzbd", sabnzbd(nzb, ports), par2.isEmpty() ? "without par2" : "");
        }
    }

    /** Adds up a number of all mirrors in a result's JSON. */
    private static long sum(String json, String field) {
        Matcher m = Pattern.compile("\"" + field + "\": ([0-9]+)").matcher(
                json.substring(json.indexOf("\"mirrors\"")));
        long sum = 0;
        while (m.find()) {
            sum += Long.parseLong(m.group(1));
        }
        return sum;
    }

    private static String field(String json, String name) {
        Matcher m = Pattern.compile("\"" + name + "\": ([0-9]+)").matcher(json);
        return m.find() ? m.group(1) : "?";
    }

    private static void row(String what, String who, Measured m, String remarks) {
        System.out.printf(Locale.ROOT, "%-24s %-14s %8.2f %8.2f %10d  %s%n", what, who, m.cpu(),
                m.wall(), m.peak() >> 20, remarks);
    }

    // --- the programs ---------------------------------------------------------------------------

    private Measured post(Path file, String to, String redundancy, Path nzb, String... more)
            throws IOException, InterruptedException {
        Files.deleteIfExists(nzb);
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "post",
                file.toString(), "--to", to, "--group", Mirror.GROUP, "--redundancy", redundancy, "--part-size",
                String.valueOf(PART), "--connections", CONNECTIONS, "--nzb", nzb.toString(),
                "--quiet"));
        command.addAll(List.of(more));
        return Measured.run(folder, command);
    }

    private Measured fetch(Path nzb, String from) throws IOException, InterruptedException {
        Path out = folder.resolve("out" + runs++);
        Measured took = Measured.run(folder, List.of(launcher.toString(), "fetch", nzb.toString(),
                "--from", from, "-o", out.toString(), "--connections", CONNECTIONS, "--json"));
        requireSame(out);
        return took;
    }

    /** What lies there is the file that was posted; it is deleted then. */
    private void requireSame(Path out) throws IOException {
        if (Files.mismatch(input, Trees.find(out, NAME)) >= 0) {
            throw new IOException("what was fetched into " + out + " is not what was posted");
        }
        Trees.delete(out);
    }

    private Measured nyuu(int port, List<Path> files, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(nyuu, "-h", "127.0.0.1", "-P",
                String.valueOf(port), "-n", CONNECTIONS, "-a", String.valueOf(PART), "-f",
                "bench <bench@example.org>", "-g", Mirror.GROUP, "-O",
                // In chunks it stumbles over its own timer where a server answers at once.
                "--post-chunk-size", "0", "-o",
                folder.resolve("nyuu" + runs++ + ".nzb").toString()));
        command.addAll(List.of(more));
        files.forEach(file -> command.add(file.toString()));
        return Measured.run(folder, command);
    }

    private Measured parityAndNyuu(int port) throws IOException, InterruptedException {
        Measured parity = Measured.run(input.getParent(), List.of(par2, "create", "-q", "-q",
                "-s" + PART, "-r10", input + ".par2", input.toString()));
        List<Path> files;
        try (Stream<Path> all = Files.list(input.getParent())) {
            files = all.filter(p -> p.getFileName().toString().startsWith("noise")).toList();
        }
        Measured posted = nyuu(port, files);
        for (Path file : files) {
            if (!file.equals(input)) {
                Files.delete(file);
            }
        }
        return parity.then(posted);
    }

    private Measured nzbget(Path nzb, List<Integer> ports)
            throws IOException, InterruptedException {
        Path main = Files.createDirectories(folder.resolve("nzbget" + runs++));
        List<String> command = new ArrayList<>(List.of(nzbget, "-n"));
        List<String> settings = new ArrayList<>(List.of("MainDir=" + main,
                "DestDir=" + main.resolve("done"), "InterDir=" + main.resolve("inter"),
                "QueueDir=" + main.resolve("queue"), "TempDir=" + main.resolve("temp"),
                "NzbDir=" + main.resolve("nzb"), "LockFile=none", "WriteLog=none",
                "OutputMode=log", "ParCheck=auto", "Unpack=no", "ArticleCache=200"));
        for (int i = 0; i < ports.size(); i++) {
            String server = "Server" + (i + 1) + ".";
            settings.addAll(List.of(server + "Active=yes", server + "Level=0",
                    server + "Host=127.0.0.1", server + "Port=" + ports.get(i),
                    server + "Connections=" + CONNECTIONS));
        }
        settings.forEach(setting -> command.addAll(List.of("-o", setting)));
        command.add(nzb.toString());
        Measured took = Measured.run(folder, command);
        requireSame(main);
        return took;
    }

    /** From its start until it has shut itself down, since nothing is left to be done. */
    private Measured sabnzbd(Path nzb, List<Integer> ports)
            throws IOException, InterruptedException {
        Path main = Files.createDirectories(folder.resolve("sabnzbd" + runs++));
        StringBuilder ini = new StringBuilder("""
                __version__ = 19
                __encoding__ = utf-8
                [misc]
                queue_complete = shutdown_program
                queue_complete_pers = 1
                api_key = 0123456789abcdef0123456789abcdef
                download_dir = incomplete
                complete_dir = complete
                auto_browser = 0
                check_new_rel = 0
                cache_limit = 512M
                direct_unpack = 0
                enable_unrar = 0
                enable_7zip = 0
                enable_filejoin = 0
                enable_tsjoin = 0
                deobfuscate_final_filenames = 0
                [servers]
                """);
        for (int i = 0; i < ports.size(); i++) {
            // Its servers are called by their hosts, of which there is but one here.
            ini.append("""
                    [[server%1$d]]
                    name = server%1$d
                    displayname = server%1$d
                    host = 127.0.0.1
                    port = %2$d
                    connections = %3$s
                    ssl = 0
                    enable = 1
                    pipelining_requests = 8
                    """.formatted(i, ports.get(i), CONNECTIONS));
        }
        Path settings = Files.writeString(main.resolve("sabnzbd.ini"), ini);
        Path bin = Files.createDirectories(main.resolve("bin"));
        if (!par2.isEmpty()) {
            Files.createSymbolicLink(bin.resolve("par2"), Path.of(par2).toAbsolutePath());
        }
        Path copy = Files.copy(nzb, main.resolve("fetch.nzb"));
        Measured took = Measured.run(folder, List.of("env", "PATH=" + bin + ":"
                + System.getenv("PATH"), sabnzbd, "-f", settings.toString(), "-s",
                "127.0.0.1:" + Mirror.free(), "-b", "0", "-l", "0", copy.toString()));
        requireSame(main);
        return took;
    }

    // --- the file and its manifest --------------------------------------------------------------

    private static void noise(Path file, long octets) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        byte[] piece = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = octets; left > 0; left -= piece.length) {
                random.nextBytes(piece);
                out.write(piece);
            }
        }
    }

    private static List<String> dataIds(Path nzb) throws IOException {
        List<String> ids = new ArrayList<>();
        Matcher files = FILE.matcher(Files.readString(nzb));
        while (files.find()) {
            String file = files.group();
            if (!file.substring(0, file.indexOf('>')).contains(".par2")) {
                Matcher segment = SEGMENT.matcher(file);
                while (segment.find()) {
                    ids.add("<" + segment.group(1) + ">");
                }
            }
        }
        return ids;
    }

    private static List<String> every(List<String> ids, int nth, int from) {
        List<String> some = new ArrayList<>();
        for (int i = from; i < ids.size(); i += nth) {
            some.add(ids.get(i));
        }
        return some;
    }
}

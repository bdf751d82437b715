package net.spillway.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    @TempDir
    Path temp;
    private ConfigFolder folder;

    @BeforeEach
    void useTemp() {
        folder = new ConfigFolder(temp);
    }

    private List<ConfigProblem> problems(String toml) throws Exception {
        return assertThrows(ConfigException.class, () -> folder.load(toml)).problems();
    }

    private ConfigProblem problem(String toml) throws Exception {
        List<ConfigProblem> problems = problems(toml);
        assertEquals(1, problems.size(), problems::toString);
        return problems.getFirst();
    }

    @Test
    void anAddressThatIsWrongIsNotTakenForTheDefaultBesides() throws Exception {
        List<ConfigProblem> problems = problems("""
                [[listen]]
                address = "127.0.0.1:1119"
                [[listen]]
                address = "127.0.0.1:99999"
                """);
        assertEquals(1, problems.size(), problems::toString);
        assertEquals(4, problems.getFirst().line());
    }

    @Test
    void everyDefaultIsPinned() throws Exception {
        RelayConfig config = folder.load("");
        assertEquals(HostName.ofThisMachine(), config.identity());
        assertEquals(temp.resolve("data"), config.data());
        assertEquals(List.of(new ListenConfig(HostPort.of("127.0.0.1", 1119), false)),
                config.listen());
        assertEquals(Optional.empty(), config.tls());
        assertEquals(List.of(), config.groups());
        assertEquals(List.of(), config.users());
        assertEquals(List.of(), config.peers());
        assertEquals(List.of(new AccessRule("loopback",
                List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")), Set.of(), Set.of(), false,
                Wildmat.ALL, Wildmat.ALL, Wildmat.NONE, Wildmat.ALL, Wildmat.ALL, true, true,
                RuleLimits.NONE)), config.access());
        assertEquals(new SpoolConfig(temp.resolve("data/spool"), FsyncMode.GROUP, 256 << 20,
                Optional.empty(), OptionalLong.empty(), Duration.ofDays(30), Duration.ofDays(28),
                temp.resolve("data/spool/index")), config.spool());
        assertEquals(new LimitsConfig(2000, 200, 2 << 20, 16 << 10, 8 << 20,
                Duration.ofMinutes(10)), config.limits());
    }

    @Test
    void everyDefaultOfAnEntryIsPinned() throws Exception {
        RelayConfig config = folder.load("""
                identity = "a.example"
                [[listen]]
                [[group]]
                name = "g"
                [[access]]
                [[peer]]
                name = "b.example"
                address = "nntp://b.example:119"
                [spool]
                [limits]
                """);
        assertEquals(new ListenConfig(HostPort.of("127.0.0.1", 1119), false),
                config.listen().getFirst());
        assertEquals(new GroupConfig("g", 'y', ""), config.groups().getFirst());
        assertEquals(new AccessRule("access 1", List.of(), Set.of(), false, Wildmat.NONE,
                Wildmat.NONE, false, false), config.access().getFirst());
        assertEquals(new PeerConfig("b.example", "b.example",
                Optional.of(HostPort.of("b.example", 119)), List.of(), Optional.empty(), Set.of(),
                Wildmat.parse("*"), 2 << 20,
                new FeedConfig(Wildmat.parse("*"), 0, Wildmat.parse("*"), Integer.MAX_VALUE,
                        Integer.MAX_VALUE, List.of(), Duration.ZERO, Duration.ZERO),
                new LinkConfig(false, Optional.empty(), Optional.empty(), false, true, 2,
                        Long.MAX_VALUE)), config.peers().getFirst());
        assertEquals(SpoolConfig.at(temp.resolve("data/spool")), config.spool());
        assertEquals(LimitsConfig.DEFAULT, config.limits());
    }

    @Test
    void embeddedDefaultsLetOnlyThisMachineIn() throws Exception {
        RelayConfig config = ConfigLoader.embedded(temp, HostPort.of("127.0.0.1", 0));
        assertEquals(List.of("spill.test"),
                config.groups().stream().map(GroupConfig::name).toList());
        assertFalse(config.groups().getFirst().description().isEmpty());
        AccessRule rule = config.accessFor(
                InetAddress.ofLiteral("127.0.0.1"), Optional.empty(), false, Set.of())
                .orElseThrow();
        assertTrue(rule.read().matches("spill.test") && rule.post().matches("spill.test"));
        assertTrue(rule.newnews() && rule.status());
        assertEquals(Optional.empty(), config.accessFor(
                InetAddress.ofLiteral("192.0.2.1"), Optional.empty(), false, Set.of()));
        assertEquals(temp.resolve("spool"), config.spool().dir());
    }

    @Test
    void everythingThatCanBeSaidIsHeard() throws Exception {
        folder.secret("pw", "x");
        folder.secret("ca.pem", "x");
        RelayConfig config = folder.load("""
                identity = "a.example"
                data = "d"
                [[group]]
                name = "g.x"
                status = "m"
                description = "Ümläute"
                [[user]]
                name = "u"
                password_file = "pw"
                [[access]]
                name = "n"
                from = ["10.0.0.0/8"]
                users = ["u"]
                read = "a.*"
                post = "b.*"
                newnews = true
                status = true
                tls_required = true
                [[peer]]
                name = "b"
                identity = "b.example"
                address = "nntps://[::1]:5"
                from = ["::1"]
                user = "u"
                accept = "x"
                send = "y"
                streaming = false
                connections = 7
                max_article = 100000
                login = {user = "me", password_file = "pw"}
                tls_ca = "ca.pem"
                path_exclude = ["c.example"]
                min_article = 500
                distributions = "world,!local"
                max_hops = 5
                max_crossposts = 6
                delay = "30s"
                backfill = "2d"
                compress = true
                bytes_per_second = "2M"
                [spool]
                dir = "d/s"
                index = "i"
                fsync = "interval 2s"
                segment_size = "1M"
                max_age = "9d"
                max_bytes = "10G"
                remember = "4d"
                cutoff = "3d"
                [limits]
                connections = 1
                connections_per_address = 2
                max_article = "3M"
                max_line = 1000
                pipeline_bytes = "8K"
                idle_timeout = "3m"
                """);
        assertEquals(new GroupConfig("g.x", 'm', "Ümläute"), config.groups().getFirst());
        assertEquals(new AccessRule("n", List.of(Cidr.parse("10.0.0.0/8")), Set.of("u"), true,
                Wildmat.parse("a.*"), Wildmat.parse("b.*"), true, true),
                config.access().getFirst());
        assertEquals(new PeerConfig("b", "b.example",
                Optional.of(new HostPort("::1", 5, Transport.TLS)), List.of(Cidr.parse("::1")),
                Optional.of("u"), Set.of(), Wildmat.parse("x"), 100_000,
                new FeedConfig(Wildmat.parse("y"), 500, Wildmat.parse("world,!local"), 5, 6,
                        List.of("c.example"), Duration.ofSeconds(30), Duration.ofDays(2)),
                new LinkConfig(false, Optional.of(temp.resolve("ca.pem")),
                        Optional.of(new Credentials("me",
                                new PasswordFile(temp.resolve("pw")))), true, false, 7, 2 << 20)),
                config.peers().getFirst());
        assertEquals(new SpoolConfig(temp.resolve("d/s"),
                new FsyncMode.Interval(Duration.ofSeconds(2)), 1 << 20,
                Optional.of(Duration.ofDays(9)), OptionalLong.of(10L << 30), Duration.ofDays(4),
                Duration.ofDays(3), temp.resolve("i")), config.spool());
        assertEquals(new LimitsConfig(1, 2, 3 << 20, 1000, 8 << 10, Duration.ofMinutes(3)),
                config.limits());
    }

    @Test
    void namesThatTheStandardReservesAreNoGroups() throws Exception {
        for (String name : List.of("to.somebody", "alt.all", "all", "ctl.x", "poster")) {
            assertTrue(problem("[[group]]\nname = \"" + name + "\"\n").toString()
                    .contains("RFC 5536 reserves"), name);
        }
        assertEquals("alt.total", folder.load("[[group]]\nname = \"alt.total\"\n")
                .groups().getFirst().name());
    }

    @Test
    void poisonIsRefusedWhereItWouldDoNothing() throws Exception {
        for (String right : List.of("read", "post", "approve", "admin")) {
            ConfigException e = assertThrows(ConfigException.class, () -> folder.load(
                    "[[access]]\n" + right + " = \"*,@secret.*\"\n"));
            assertTrue(e.problems().getFirst().toString().contains(
                    "\"@\" has a meaning in feed, accept and send only"), e.getMessage());
        }
        assertEquals(Wildmat.parse("*,@secret.*"), folder.load(
                "[[access]]\nfeed = \"*,@secret.*\"\n").access().getFirst().feed());
    }

    @Test
    void rulesGiveRightsAndLimitsByCertificateToo() throws Exception {
        folder.secret("c", "x");
        String hex = "0123456789abcdef".repeat(4);
        RelayConfig config = folder.load("""
                users_file = "users"
                [tls]
                certificate = "c"
                key = "c"
                client_ca = "c"
                [[access]]
                users = ["somebody"]
                certificates = ["SHA256:%s", "Relay.example"]
                feed = "a.*"
                approve = "b.*"
                admin = "c.*"
                connections = 3
                bytes_per_second = "256K"
                posts_per_hour = 0
                bytes_per_hour = "1G"
                """.formatted(hex.toUpperCase().replaceAll("(..)(?=.)", "$1:")));
        assertEquals(Optional.of(temp.resolve("users")), config.usersFile());
        assertEquals(Optional.of(temp.resolve("c")), config.tls().orElseThrow().clientCa());
        AccessRule rule = config.access().getFirst();
        assertEquals(new AccessRule("access 1", List.of(), Set.of("somebody"),
                Set.of("sha256:" + hex, "relay.example"), false, Wildmat.NONE, Wildmat.NONE,
                Wildmat.parse("a.*"), Wildmat.parse("b.*"), Wildmat.parse("c.*"), false, false,
                new RuleLimits(3, 256 << 10, 0, 1 << 30)), rule);
        InetAddress any = InetAddress.ofLiteral("10.1.1.1");
        Optional<String> user = Optional.of("somebody");
        assertTrue(rule.matches(any, user, true, Set.of("relay.example", "x")));
        assertFalse(rule.matches(any, user, true, Set.of("x")));
        assertFalse(rule.matches(any, user, true, Set.of()));
    }

    @Test
    void certificatesThatNobodyCanCheckAreRefused() throws Exception {
        assertTrue(problem("[[access]]\ncertificates = ['a.example']").what()
                .contains("nobody vouches"));
        assertTrue(problem("[[access]]\ncertificates = ['sha256:%s']".formatted("00".repeat(32)))
                .what().contains("without TLS"));
        assertTrue(problem("[[access]]\ncertificates = ['sha256:1']").what()
                .contains("is no certificate"));
    }

    @Test
    void adminPageIsThereWhenAskedForAndOnThisMachineUnlessThereIsACertificate()
            throws Exception {
        assertEquals(Optional.empty(), folder.load("").admin());
        assertEquals(Optional.of(new AdminConfig(HostPort.of("127.0.0.1", 1180),
                temp.resolve("data/admin.token"), List.of())), folder.load("[admin]").admin());
        AdminConfig other = folder.load("""
                [admin]
                listen = "[::1]:81"
                token_file = "key"
                metrics_from = ["192.0.2.0/24"]
                """).admin().orElseThrow();
        assertEquals(new AdminConfig(HostPort.of("::1", 81), temp.resolve("key"),
                List.of(Cidr.parse("192.0.2.0/24"))), other);
        assertTrue(other.isLoopback());
        assertTrue(folder.load("[admin]\nlisten = 'localhost:81'").admin().orElseThrow()
                .isLoopback());
        for (String open : List.of("0.0.0.0:81", "[::]:81", "127.evil.example:81")) {
            ConfigProblem problem = problem("[admin]\nlisten = '" + open + "'");
            assertEquals("admin.listen", problem.key());
            assertTrue(problem.toString().contains("set [tls]"), problem::toString);
        }
        assertEquals("admin.listen", problem("[admin]\nlisten = 'nntp://127.0.0.1:1'").key());
        assertEquals("admin.tokenfile", problem("[admin]\ntokenfile = 'x'").key());
        assertEquals("admin.token_file", problem("[admin]\ntoken_file = 'no/x/y'").key());
    }

    @Test
    void listsAreReadAndTheirLinesChecked() throws Exception {
        RelayConfig config = folder.load("""
                [lists]
                motd = """ + "\"\"\"\nOne\n\nTwo\n\"\"\"\n" + """
                moderators = ["a.*:%s@x.example"]
                distributions = ["local  Only here"]
                distrib_pats = ["10:a.*:local"]
                subscriptions = ["a.b"]
                """);
        assertEquals(new ListsConfig(List.of("One", "", "Two"), List.of("a.*:%s@x.example"),
                List.of("local\tOnly here"), List.of("10:a.*:local"), List.of("a.b")),
                config.lists());
        assertEquals(5, problems("""
                [lists]
                motd = "a\\u0007"
                moderators = ["a.*"]
                distributions = ["local"]
                distrib_pats = ["x:a:b"]
                subscriptions = ["a b"]
                """).size());
    }

    @Test
    void allProblemsAreToldAtOnceInTheOrderOfTheFile() throws Exception {
        List<ConfigProblem> problems = problems("""
                identity = "a b"
                lisen = 1
                [[group]]
                name = "g"
                status = "x"
                [[peer]]
                name = "b"
                adress = "nntp://b:1"
                send = "*,comp.[x]"
                [limits]
                connections = "many"
                """);
        assertEquals(List.of("identity", "lisen", "group[1].status", "peer[1].name",
                "peer[1].adress", "peer[1].send", "limits.connections"),
                problems.stream().map(ConfigProblem::key).toList());
        ConfigProblem wildmat = problems.get(5);
        assertEquals(9, wildmat.line());
        assertEquals(1, wildmat.column());
        assertTrue(problems.toString().contains("comp.[x]"));
    }

    @Test
    void unknownKeyIsNamedWithThePlaceAndWhatWasMeant() throws Exception {
        ConfigProblem problem = problem("\n[spool]\nsegmentsize = \"1M\"\n");
        assertEquals(temp.resolve("relay.toml"), problem.file());
        assertEquals(3, problem.line());
        assertEquals(1, problem.column());
        assertEquals("spool.segmentsize", problem.key());
        assertEquals("did you mean \"segment_size\"?", problem.whatToDo());
        assertTrue(problem.toString().startsWith(
                temp.resolve("relay.toml") + ":3:1: spool.segmentsize: "), problem::toString);
    }

    @Test
    void mistakeInAListIsNamedByItsOwnPlace() throws Exception {
        ConfigProblem problem = problem("""
                [[access]]
                from = [
                  "127.0.0.0/8",
                  "nonsense",
                ]
                """);
        assertEquals("access[1].from[2]", problem.key());
        assertEquals(4, problem.line());
        assertEquals(3, problem.column());
    }

    @Test
    void unknownKeyLikeNoneGetsTheListOfKnownOnes() throws Exception {
        assertTrue(problem("[[group]]\nname=\"g\"\nzzzzzzzz=1").whatToDo()
                .contains("description, name, status"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "identity = 5 | identity | text in quotes, not a number",
        "data = ['a'] | data | text in quotes, not a list",
        "listen = 'x' | listen | list of tables",
        "listen = ['x'] | listen[1] | must be a table",
        "listen = [] | listen | nobody could reach",
        "[listen]\\naddress = 'a:1' | listen | list of tables",
        "spool = 1 | spool | must be a table",
        "[limits]\\nconnections = 0 | limits.connections | out of bounds",
        "[limits]\\nconnections = 1.5 | limits.connections | whole number",
        "[limits]\\nmax_article = 'big' | limits.max_article | not a size",
        "[limits]\\nmax_article = '1T' | limits.max_article | out of bounds",
        "[limits]\\nmax_article = -5 | limits.max_article | not a size",
        "[limits]\\nidle_timeout = '5' | limits.idle_timeout | not a length of time",
        "[limits]\\nidle_timeout = '0s' | limits.idle_timeout | leaves nobody time",
        "[spool]\\nfsync = 'maybe' | spool.fsync | not a way to fsync",
        "[spool]\\nmax_age = 'soon' | spool.max_age | not a length of time",
        "[spool]\\nmax_bytes = 'lots' | spool.max_bytes | not a size",
        "[spool]\\ncutoff = '40d' | spool.cutoff | longer than remember",
        "[spool]\\nremember = '1d' | spool.remember | longer than remember",
        "[spool]\\ndir = '/no/such/place/at/all' | spool.dir | there is no folder",
        "[[access]]\\nread = 'a b' | access[1].read | blank",
        "[[access]]\\nfrom = ['10.0.0.1/8'] | access[1].from[1] | behind the prefix",
        "[[access]]\\nfrom = ['localhost'] | access[1].from[1] | not an IP address",
        "[[access]]\\nfrom = [5] | access[1].from[1] | text in quotes",
        "[[access]]\\nfrom = '::1' | access[1].from | a list",
        "[[access]]\\nusers = ['bob'] | access[1].users | no [[user]]",
        "[[access]]\\nnewnews = 'yes' | access[1].newnews | true or false",
        "[[group]]\\nname = 'a..b' | group[1].name | not a newsgroup name",
        "[[group]]\\nstatus = 'y' | group[1].name | missing",
        "[[group]]\\nname = '' | group[1].name | empty",
        "[[group]]\\nname = 'a'\\n[[group]]\\nname = 'a' | group[2].name | two groups",
        "[[listen]]\\naddress = 'x' | listen[1].address | names no port",
        "[[listen]]\\naddress = '1119' | listen[1].address | names no host",
        "[[listen]]\\naddress = '[::1]:1180'\\n[[listen]]\\naddress = '127.0.0.1:1180'\\n[admin]"
                + " | admin.listen | already",
        "[[listen]]\\naddress = 'x:1'\\n[[listen]]\\naddress = 'x:1' | listen[2].address | already",
        "[[listen]]\\naddress = 'x:1'\\ntls = true | listen | no certificate",
        "[tls]\\nkey = '../no' | tls.certificate | missing",
        "[[user]]\\nname = 'a'\\npassword_file = 'no' | user[1].password_file | no file",
        "[[user]]\\nname = 'a' | user[1].password_file | missing",
    })
    void mistakeIsNamedByItsKey(String toml, String key, String what) throws Exception {
        List<ConfigProblem> problems = problems(toml.replace("\\n", "\n"));
        ConfigProblem problem = problems.getFirst();
        assertEquals(key, problem.key(), problems::toString);
        assertTrue(problem.what().contains(what), problem::toString);
        assertFalse(problem.whatToDo().isEmpty());
        assertTrue(problem.line() > 0, problem::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "address = 'nntp://b:1'\\n[[peer]]\\nname = 'b'\\naddress = 'nntp://b:2' "
                + "| peer[2].name | two peers of the name \"b\"",
        "address = 'nntp://b:1'\\n[[peer]]\\nname = 'B'\\naddress = 'nntp://b:2' "
                + "| peer[2].name | two peers of the name \"B\"",
        "send = '*' | peer[1].name | no address to send to and nothing to know it by",
        "from = ['::1']\\nsend = '*' | peer[1].send | send nothing to",
        "address = 'b:1'\\naccept = '*' | peer[1].accept | do not recognise",
        "address = 'b:0' | peer[1].address | port 0",
        "address = 'http://b' | peer[1].address | not spoken here",
        "address = 'b:1'\\nconnections = 33 | peer[1].connections | out of bounds",
        "address = 'b:1'\\nsend = '*,@' | peer[1].send | pattern 2 of the wildmat is empty",
        "user = 'x' | peer[1].user | no [[user]]",
        "address = 'b:1'\\nidentity = 'a' | peer[1].identity | our own",
        "address = 'b:1'\\npath_exclude = ['x!y'] | peer[1].path_exclude[1] | in a Path",
        "address = 'b:1'\\nlogin = {user = 'u'} | peer[1].login.password_file | missing",
        "address = 'b:1'\\nlogin = 'u' | peer[1].login | table",
        "address = 'b:1'\\ntls_ca = 'relay.toml' | peer[1].tls_ca | of no use without TLS",
        "address = 'nntps://b:1'\\nstarttls = true | peer[1].starttls | begins with TLS",
        "from = ['::1']\\nstarttls = true | peer[1].starttls | send nothing to",
        "address = 'b:1'\\nmin_article = '3M' | peer[1].min_article | above max_article",
        "address = 'b:1'\\ndelay = '8d' | peer[1].delay | longer than",
        "address = 'b:1'\\nbackfill = 'all' | peer[1].backfill | not a length of time",
        "address = 'b:1'\\ndistributions = '' | peer[1].distributions | is empty",
        "address = 'b:1'\\nmax_hops = 0 | peer[1].max_hops | out of bounds",
        "address = 'b:1'\\ncertificates = ['b.example'] | peer[1].certificates[1] | fingerprint",
        "from = ['::1']\\n[[peer]]\\nname = 'c'\\nfrom = ['::1'] | peer[2].from | told apart",
    })
    void mistakeAboutAPeerIsNamedByItsKey(String toml, String key, String what)
            throws Exception {
        mistakeIsNamedByItsKey("identity = 'a'\n[[peer]]\nname = 'b'\n" + toml, key, what);
    }

    @Test
    void peersNeedAnIdentityOfOurs() throws Exception {
        assertEquals("identity",
                problem("[[peer]]\nname = 'b'\naddress = 'b:1'\n").key());
    }

    @Test
    void passwordFileThatEverybodyCanReadIsRefused() throws Exception {
        Path file = folder.secret("pw", "hunter2\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ConfigProblem problem = problem("[[user]]\nname='a'\npassword_file='pw'");
        assertTrue(problem.what().contains("every user"), problem::toString);
        assertTrue(problem.whatToDo().startsWith("chmod o-rw "), problem::toString);
        assertFalse(problem.toString().contains("hunter2"));
    }

    @Test
    void emptyPasswordFileIsRefused() throws Exception {
        folder.secret("pw", "\n");
        assertTrue(problem("[[user]]\nname='a'\npassword_file='pw'").what()
                .contains("no password"));
    }

    @Test
    void noPasswordIsEverShown() throws Exception {
        folder.secret("pw", "hunter2\n");
        RelayConfig config = folder.load("""
                identity = "a"
                [[user]]
                name = "u"
                password_file = "pw"
                [[peer]]
                name = "b"
                address = "b:1"
                login = {user = "me", password_file = "pw"}
                """);
        assertFalse(config.toString().contains("hunter2"));
        PasswordFile password = config.users().getFirst().password();
        assertTrue(password.matches("hunter2"));
        assertFalse(password.matches("hunter"));
        assertFalse(password.matches("hunter22"));
    }

    @Test
    void dataFolderNeedsTheFolderAboveIt() throws Exception {
        ConfigProblem problem = problem("data = \"no/such/data\"");
        assertTrue(problem.what().contains("there is no folder " + temp.resolve("no/such")));
        assertTrue(problem.whatToDo().contains("mkdir -p"));
    }

    @Test
    void dataFolderThatIsAFileIsRefused() throws Exception {
        assertTrue(problem("data = \"relay.toml\"").what().contains("is not a folder"));
    }

    @Test
    void syntaxErrorsAreNamedByPlace() throws Exception {
        ConfigProblem problem = problems("identity = \"a\"\ndata = \n").getFirst();
        assertEquals(2, problem.line());
        assertTrue(problem.what().startsWith("is not TOML: "), problem::toString);
        List<ConfigProblem> other = problems("root:x:0:0\n".repeat(40));
        assertEquals(3, other.size(), "it is another file, and one mistake follows from the other");
        assertTrue(other.getFirst().whatToDo().contains("the right file"), other::toString);
    }

    @Test
    void aPlaceIsFoundAgainForWhatIsWrongBesidesTheText() throws Exception {
        Path file = Files.writeString(temp.resolve("places.toml"), """
                [tls]
                key = "k"
                [[peer]]
                name = "a"
                [[peer]]
                name = "b"
                """);
        ConfigPlaces places = ConfigPlaces.of(file);
        assertEquals(file + ":2:1: tls.key: bad", places.problem("tls.key", "bad").toString());
        assertEquals(1, places.problem("tls.certificate", "bad").line(), "where it would stand");
        assertEquals(5, places.problem("peer[2]", "bad").line());
        assertEquals(6, places.problem("peer[2].name", "bad").line());
        assertEquals(0, places.problem("peer[3]", "bad").line(), "it has joined by a token");
    }

    @Test
    void keyThatStandsTwiceIsAProblem() throws Exception {
        ConfigProblem problem = problem("identity = \"a\"\nidentity = \"b\"\n");
        assertEquals(2, problem.line());
        assertTrue(problem.what().contains("identity"), problem::toString);
    }

    @Test
    void tableThatStandsTwiceIsAProblem() throws Exception {
        assertEquals(3, problem("[spool]\nfsync = \"off\"\n[spool]\n").line());
    }

    @Test
    void fileThatIsNotThereIsAProblem() {
        ConfigProblem problem = assertThrows(ConfigException.class,
                () -> ConfigLoader.load(temp.resolve("no.toml"))).problems().getFirst();
        assertEquals("there is no such file", problem.what());
        assertEquals(0, problem.line());
    }

    @Test
    void folderBinaryAndHugeFilesAreProblemsNotCrashes() throws Exception {
        assertThrows(ConfigException.class, () -> ConfigLoader.load(temp));
        Path file = temp.resolve("x.toml");
        Files.write(file, "data = \"\u00e4\"".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(assertThrows(ConfigException.class, () -> ConfigLoader.load(file))
                .getMessage().contains("not UTF-8"));
        Files.writeString(file, "\ufeffdata = \"a\"");
        assertTrue(assertThrows(ConfigException.class, () -> ConfigLoader.load(file))
                .getMessage().contains("begins with a byte order mark"));
        Files.write(file, new byte[(1 << 20) + 1]);
        assertTrue(assertThrows(ConfigException.class, () -> ConfigLoader.load(file))
                .getMessage().contains("larger than 1 MiB"));
    }

    @Test
    void deeplyNestedFileIsAProblemNotACrash() throws Exception {
        assertThrows(ConfigException.class,
                () -> folder.load("x = " + "[".repeat(100_000) + "]".repeat(100_000)));
    }

    @Test
    void peerIsKnownByItsLoginOrItsAddress() throws Exception {
        folder.secret("pw", "x");
        RelayConfig config = folder.load("""
                identity = "a"
                [[user]]
                name = "u"
                password_file = "pw"
                [[peer]]
                name = "byboth"
                from = ["10.0.0.0/8"]
                user = "u"
                [[peer]]
                name = "byaddress"
                from = ["10.0.0.0/8"]
                [[peer]]
                name = "sendonly"
                address = "b:1"
                """);
        InetAddress inside = InetAddress.ofLiteral("10.1.1.1");
        InetAddress outside = InetAddress.ofLiteral("11.1.1.1");
        assertEquals("byboth", config.peerFor(inside, Optional.of("u"), Set.of())
                .orElseThrow().name());
        assertEquals("byaddress", config.peerFor(inside, Optional.empty(), Set.of())
                .orElseThrow().name());
        assertEquals(Optional.empty(), config.peerFor(outside, Optional.of("u"), Set.of()));
    }

    @Test
    void peerIsKnownByTheCertificateItShowsAndTwoNeverShareOne() throws Exception {
        folder.secret("c", "x");
        String tls = "identity = 'a'\n[tls]\ncertificate = 'c'\nkey = 'c'\n";
        String pin = "sha256:" + "0f".repeat(32);
        String entry = "[[peer]]\nname = '%s'\ncertificates = ['" + pin + "']\n";
        RelayConfig config = folder.load(tls + entry.formatted("b")
                + "from = ['10.0.0.0/8']\n");
        InetAddress inside = InetAddress.ofLiteral("10.1.1.1");
        InetAddress outside = InetAddress.ofLiteral("11.1.1.1");
        assertEquals("b", config.peerFor(inside, Optional.empty(), Set.of(pin, "x"))
                .orElseThrow().name());
        assertEquals(Optional.empty(), config.peerFor(inside, Optional.empty(), Set.of("x")));
        assertEquals(Optional.empty(), config.peerFor(outside, Optional.empty(), Set.of(pin)));
        assertTrue(problem(tls + entry.formatted("b") + entry.formatted("c")).what()
                .contains("told apart"));
        assertTrue(problem("identity = 'a'\n" + entry.formatted("b")).what()
                .contains("without TLS"));
    }

    @Test
    void pinnedPeerNeedsNobodyToVouchForIt() throws Exception {
        folder.secret("c", "x");
        assertEquals("peer[1].tls_ca", problem("identity = 'a'\n[[peer]]\nname = 'b'\n"
                + "address = 'nntps://b:1'\ntls_ca = 'c'\ncertificates = ['sha256:"
                + "0f".repeat(32) + "']\n").key());
    }

    @Test
    void firstRuleThatFitsDecides() throws Exception {
        folder.secret("pw", "x");
        RelayConfig config = folder.load("""
                [[user]]
                name = "u"
                password_file = "pw"
                [[access]]
                name = "tls"
                users = ["u"]
                tls_required = true
                [[access]]
                name = "user"
                users = ["u"]
                [[access]]
                name = "all"
                """);
        InetAddress any = InetAddress.ofLiteral("10.1.1.1");
        assertEquals("tls", config.accessFor(any, Optional.of("u"), true, Set.of())
                .orElseThrow().name());
        assertEquals("user", config.accessFor(any, Optional.of("u"), false, Set.of())
                .orElseThrow().name());
        assertEquals("all", config.accessFor(any, Optional.of("v"), true, Set.of())
                .orElseThrow().name());
        assertEquals("all", config.accessFor(any, Optional.empty(), true, Set.of())
                .orElseThrow().name());
    }
}

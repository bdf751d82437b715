package net.spillway.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.spillway.it.FaultCourse.Fault;
import net.spillway.it.FaultCourse.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rings, stars and meshes of relays whose links fail in every way. Each build does three cells with
 * four relays; {@code mvn verify -Pfaults} does all 24, with {@code -Dfaults.relays} (12), or those
 * whose names match {@code -Dfaults.cells}: {@code "MESH, NARROW"}.
 */
class FaultMatrixIT {
    private static final String ALL = "faults.all";
    private static final int RELAYS = Integer.getInteger("faults.relays", 4);
    private static final int EACH = Integer.getInteger("faults.articles", 10);
    private static final Pattern CELLS = Pattern.compile(System.getProperty("faults.cells", ""));
    /** Those that a proxy can do to a connection without being noticed by a checksum of TCP. */
    private static final Set<Fault> BY_PROXY = EnumSet.of(
            Fault.DELAY, Fault.STALL, Fault.HALF_CLOSE, Fault.RESET, Fault.SLICES);
    private static final Set<Fault> BY_PACKETS = EnumSet.of(Fault.NARROW, Fault.LOSS);

    @TempDir
    Path temp;

    private static String group(Shape shape, Fault fault) {
        return "it." + shape.name().toLowerCase() + "." + fault.name().toLowerCase()
                .replace('_', '-');
    }

    private static String[] groups(Set<Fault> faults) {
        List<String> groups = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            faults.forEach(fault -> groups.add(group(shape, fault)));
        }
        return groups.toArray(String[]::new);
    }

    /** One cell, with nothing done to what all links go through. */
    private static DynamicTest cell(FaultCourse course, Shape shape, Fault fault) {
        return dynamicTest(shape + ", " + fault, () -> run(course, shape, fault));
    }

    private static void run(FaultCourse course, Shape shape, Fault fault) throws Exception {
        System.out.println(shape + ", " + fault);
        course.run(shape, fault, group(shape, fault), EACH);
    }

    /** Those of the cells that are wanted; the federation ends behind the last. */
    private static Stream<DynamicTest> wanted(List<DynamicTest> cells, AutoCloseable... ends) {
        return cells.stream().filter(cell -> CELLS.matcher(cell.getDisplayName()).find())
                .onClose(() -> close(ends));
    }

    private static void close(AutoCloseable... ends) {
        for (AutoCloseable end : ends) {
            try {
                end.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Federation started(Federation federation) throws Exception {
        try {
            federation.start();
            return federation;
        } catch (Exception | Error e) {
            federation.close();
            throw e;
        }
    }

    /** Relays that all feed each other through links. */
    private Federation linked(Set<Fault> faults) throws Exception {
        Federation federation = new Federation(temp);
        for (int i = 0; i < RELAYS; i++) {
            federation.add(FaultCourse.name(i), groups(faults));
        }
        for (int from = 0; from < RELAYS; from++) {
            for (int to = 0; to < RELAYS; to++) {
                if (from != to) {
                    federation.feed(FaultCourse.name(from), FaultCourse.name(to));
                }
            }
        }
        return started(federation);
    }

    /** The same under TLS. */
    private Federation linkedUnderTls(Set<Fault> faults) throws Exception {
        TestAuthority authority = TestAuthority.in(temp.resolve("authority"));
        Federation federation = new Federation(temp);
        for (int i = 0; i < RELAYS; i++) {
            federation.add(FaultCourse.name(i), groups(faults));
            federation.extra(FaultCourse.name(i), authority.listener());
        }
        for (int from = 0; from < RELAYS; from++) {
            for (int to = 0; to < RELAYS; to++) {
                if (from != to) {
                    federation.feedOverTls(FaultCourse.name(from), FaultCourse.name(to),
                            authority.certificate());
                }
            }
        }
        return started(federation);
    }

    /** The same with nothing between them but a network namespace's own device. */
    private Federation within(Namespace namespace, Set<Fault> faults) throws Exception {
        Federation federation = new Federation(temp);
        for (int i = 0; i < RELAYS; i++) {
            String name = FaultCourse.name(i);
            federation.addAt(name, "127.0.0.1:" + (1100 + i), groups(faults))
                    .runIn(namespace.name(),
                            new InetSocketAddress(Namespace.INSIDE, 2100 + i));
            federation.extra(name, """
                    [[listen]]
                    address = "%s:%d"
                    [[access]]
                    from = ["%s"]
                    read = "*"
                    post = "*"
                    admin = "*"
                    status = true
                    """.formatted(Namespace.INSIDE, 2100 + i, Namespace.OUTSIDE));
        }
        for (int from = 0; from < RELAYS; from++) {
            for (int to = 0; to < RELAYS; to++) {
                if (from != to) {
                    federation.feedAt(FaultCourse.name(from), FaultCourse.name(to),
                            "nntp://127.0.0.1:" + (1100 + to), "");
                }
            }
        }
        return started(federation);
    }

    @TestFactory
    Stream<DynamicTest> whateverHappensToConnectionsEveryArticleArrivesEverywhereOnce()
            throws Exception {
        Federation federation = linked(BY_PROXY);
        FaultCourse course = new FaultCourse(federation, RELAYS, true);
        List<DynamicTest> cells = new ArrayList<>();
        if (!Boolean.getBoolean(ALL)) {
            cells.add(cell(course, Shape.MESH, Fault.RESET));
            cells.add(cell(course, Shape.STAR, Fault.HALF_CLOSE));
            cells.add(cell(course, Shape.RING, Fault.STALL));
            return wanted(cells, federation);
        }
        for (Shape shape : Shape.values()) {
            BY_PROXY.forEach(fault -> cells.add(cell(course, shape, fault)));
        }
        return wanted(cells, federation);
    }

    /** NNTP has no checksum of its own: only under TLS is a flipped bit noticed. */
    @TestFactory
    @EnabledIfSystemProperty(named = ALL, matches = "true")
    Stream<DynamicTest> flippedBitsUnderTlsCostTheConnectionAndNoArticle() throws Exception {
        Federation federation = linkedUnderTls(EnumSet.of(Fault.FLIP));
        FaultCourse course = new FaultCourse(federation, RELAYS, true);
        return wanted(Stream.of(Shape.values()).map(shape -> cell(course, shape, Fault.FLIP))
                .toList(), federation);
    }

    @TestFactory
    @EnabledIfSystemProperty(named = ALL, matches = "true")
    Stream<DynamicTest> narrowWaysAndLostPacketsLoseNoArticle() throws Exception {
        assumeTrue(Namespace.areAllowed(), "network namespaces are not allowed here");
        Namespace namespace = Namespace.make();
        Federation federation;
        try {
            federation = within(namespace, BY_PACKETS);
        } catch (Exception | Error e) {
            namespace.close();
            throw e;
        }
        FaultCourse course = new FaultCourse(federation, RELAYS, false);
        List<DynamicTest> cells = new ArrayList<>();
        for (Fault fault : BY_PACKETS) {
            for (Shape shape : Shape.values()) {
                cells.add(dynamicTest(shape + ", " + fault, () -> {
                    assumeTrue(fault == Fault.NARROW ? namespace.narrow() : namespace.lose(),
                            "tc has no tbf, or iptables no statistic here");
                    try {
                        run(course, shape, fault);
                    } finally {
                        namespace.mend();
                    }
                }));
            }
        }
        return wanted(cells, federation, namespace);
    }
}

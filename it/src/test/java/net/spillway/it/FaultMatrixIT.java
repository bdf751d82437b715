package net.spillway.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.spillway.it.FaultCourse.Fault;
import net.spillway.it.FaultCourse.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rings, stars and meshes of relays whose links fail in every way. Each build does three cells with
 * four relays; {@code mvn verify -Pfaults} does all 24, with {@code -Dfaults.relays} (12).
 */
class FaultMatrixIT {
    private static final String ALL = "faults.all";
    private static final int RELAYS = Integer.getInteger("faults.relays", 4);
    private static final int EACH = Integer.getInteger("faults.articles", 10);
    /** Those that a proxy can do to a connection without being noticed by a checksum of TCP. */
    private static final Set<Fault> BY_PROXY = EnumSet.of(
            Fault.DELAY, Fault.STALL, Fault.HALF_CLOSE, Fault.RESET, Fault.SLICES);

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

    private static void cell(FaultCourse course, Shape shape, Fault fault) throws Exception {
        System.out.println(shape + ", " + fault);
        course.run(shape, fault, group(shape, fault), EACH);
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
        return federation;
    }

    @Test
    void whateverHappensToConnectionsEveryArticleArrivesEverywhereOnce() throws Exception {
        try (Federation federation = linked(BY_PROXY)) {
            federation.start();
            FaultCourse course = new FaultCourse(federation, RELAYS, true);
            if (!Boolean.getBoolean(ALL)) {
                cell(course, Shape.MESH, Fault.RESET);
                cell(course, Shape.STAR, Fault.HALF_CLOSE);
                cell(course, Shape.RING, Fault.STALL);
                return;
            }
            for (Shape shape : Shape.values()) {
                for (Fault fault : BY_PROXY) {
                    cell(course, shape, fault);
                }
            }
        }
    }

    /** NNTP has no checksum of its own: only under TLS is a flipped bit noticed. */
    @Test
    @EnabledIfSystemProperty(named = ALL, matches = "true")
    void flippedBitsUnderTlsCostTheConnectionAndNoArticle() throws Exception {
        TestAuthority authority = TestAuthority.in(temp.resolve("authority"));
        Set<Fault> faults = EnumSet.of(Fault.FLIP);
        try (Federation federation = new Federation(temp)) {
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
            federation.start();
            FaultCourse course = new FaultCourse(federation, RELAYS, true);
            for (Shape shape : Shape.values()) {
                cell(course, shape, Fault.FLIP);
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = ALL, matches = "true")
    void narrowWaysAndLostPacketsLoseNoArticle() throws Exception {
        assumeTrue(Namespace.areAllowed(), "network namespaces are not allowed here");
        try (Namespace namespace = Namespace.make();
                Federation federation = new Federation(temp)) {
            String[] groups = {"it.ring.narrow", "it.star.narrow", "it.mesh.narrow",
                "it.ring.loss", "it.star.loss", "it.mesh.loss"};
            for (int i = 0; i < RELAYS; i++) {
                String name = FaultCourse.name(i);
                federation.addAt(name, "127.0.0.1:" + (1100 + i), groups).runIn(namespace.name(),
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
            federation.start();
            FaultCourse course = new FaultCourse(federation, RELAYS, false);
            assumeTrue(namespace.narrow(), "tc has no tbf here");
            for (Shape shape : Shape.values()) {
                course.run(shape, Fault.NONE,
                        "it." + shape.name().toLowerCase() + ".narrow", EACH);
            }
            namespace.widen();
            assumeTrue(namespace.lose(), "iptables cannot lose packets here");
            for (Shape shape : Shape.values()) {
                course.run(shape, Fault.NONE, "it." + shape.name().toLowerCase() + ".loss", EACH);
            }
        }
    }
}

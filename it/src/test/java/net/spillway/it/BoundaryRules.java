package net.spillway.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which way dependencies point, and what stays behind its border. */
final class BoundaryRules {
    private static final Set<String> OBJECT_CALLS = Set.of("getObject", "putObject");
    private static final String MINA = "org.apache.mina..";
    private static final String H2 = "org.h2..";
    private static final String HASHING = "org.bouncycastle..";
    private static final String METRICS = "io.prometheus..";
    private static final String LOG = "org.slf4j..";

    private BoundaryRules() {
    }

    /** What a module may use besides the JDK and itself. */
    record Room(String name, String... mayUse) {
        String packages() {
            return "net.spillway." + name + "..";
        }

        ArchRule usesOnlyWhatItMay() {
            String[] allowed = Stream.concat(
                    Stream.of("java..", "javax..", packages()), Stream.of(mayUse))
                    .toArray(String[]::new);
            return classes().that().resideInAPackage(packages())
                    .should().onlyDependOnClassesThat().resideInAnyPackage(allowed)
                    .because(name + " has its place in the order of the modules")
                    .allowEmptyShould(true);
        }

        ArchRule hasNoCycles() {
            return slices().assignedFrom(new PackagesOf(this))
                    .should().beFreeOfCycles().allowEmptyShould(true);
        }

        boolean holds(JavaClass type) {
            return (type.getPackageName() + ".").startsWith("net.spillway." + name + ".");
        }
    }

    /**
     * Each package of a room is a slice, except the room's own: that one holds the types everybody
     * uses and the facade that puts the others together, so it is above and below them at once.
     */
    private record PackagesOf(Room room) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return room.holds(type) && !type.getPackageName().equals("net.spillway." + room.name())
                    ? SliceIdentifier.of(type.getPackageName()) : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages within " + room.name();
        }
    }

    static final List<Room> ROOMS = List.of(
            new Room("conf", "org.tomlj.."),
            new Room("protocol", "jdk.incubator.vector.."),
            new Room("fec", "jdk.incubator.vector..", "com.backblaze.erasure.."),
            new Room("spool", "net.spillway.protocol..", "net.spillway.conf..", H2, LOG),
            new Room("feed", "net.spillway.protocol..", "net.spillway.conf..",
                    "net.spillway.spool..", MINA, LOG),
            new Room("relay", "net.spillway.protocol..", "net.spillway.conf..",
                    "net.spillway.spool..", "net.spillway.feed..", MINA, LOG, HASHING,
                    METRICS, "com.sun.net.httpserver.."),
            new Room("tools", "net.spillway.protocol..", "net.spillway.conf..",
                    "net.spillway.fec..", "net.spillway.spool..", "net.spillway.feed..",
                    "net.spillway.relay..", "picocli..", "org.apache.commons.net..", LOG,
                    "ch.qos.logback..", "sun.misc.."));

    static final ArchRule MINA_ONLY_IN_TRANSPORT = noClasses()
            .that().resideOutsideOfPackages(
                    "net.spillway.relay.transport..", "net.spillway.feed.transport..")
            .should().dependOnClassesThat().resideInAPackage(MINA)
            .because("protocol logic is tested without sockets");

    static final ArchRule HASHING_ONLY_IN_ACCESS = noClasses()
            .that().resideOutsideOfPackage("net.spillway.relay.access..")
            .should().dependOnClassesThat().resideInAPackage(HASHING)
            .because("one place knows how passwords are kept");

    static final ArchRule METRICS_ONLY_IN_METRICS = noClasses()
            .that().resideOutsideOfPackage("net.spillway.relay.metrics..")
            .should().dependOnClassesThat().resideInAPackage(METRICS)
            .because("what is counted does not hang on who asks for it");

    static final ArchRule H2_ONLY_IN_SPOOL = noClasses()
            .that().resideOutsideOfPackage("net.spillway.spool..")
            .should().dependOnClassesThat().resideInAPackage(H2)
            .orShould().dependOnClassesThat().resideInAPackage("java.sql..")
            .because("the index can be thrown away, and nobody else shall know its tables");

    static final ArchRule NO_OBJECTS_FROM_BUFFERS = noClasses()
            .should().callMethodWhere(DescribedPredicate.describe(
                    "IoBuffer turns octets into objects",
                    call -> isObjectCall(call.getTargetOwner().getName(), call.getName())))
            .because("octets from the network never become objects");

    static final ArchRule NO_SERIALIZATION = noClasses()
            .should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream")
            .orShould().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectOutputStream")
            .because("octets from the network or the disk never become objects");

    private static boolean isObjectCall(String owner, String method) {
        return owner.startsWith("org.apache.mina.core.buffer.")
                && OBJECT_CALLS.contains(method);
    }

    /** Every rule there is, those of the rooms included. */
    static List<ArchRule> all() {
        List<ArchRule> rules = new ArrayList<>(List.of(MINA_ONLY_IN_TRANSPORT, H2_ONLY_IN_SPOOL,
                HASHING_ONLY_IN_ACCESS, METRICS_ONLY_IN_METRICS, NO_OBJECTS_FROM_BUFFERS, NO_SERIALIZATION));
        for (Room room : ROOMS) {
            rules.add(room.usesOnlyWhatItMay());
            rules.add(room.hasNoCycles());
        }
        return rules;
    }
}

package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import net.spillway.it.BoundaryRules.Room;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BoundaryRulesTest {
    private static JavaClasses product;
    private static JavaClasses offender;

    @BeforeAll
    static void readTheClasses() {
        product = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("net.spillway");
        offender = new ClassFileImporter().importPackages("net.spillway.it.boundary");
    }

    static List<ArchRule> rules() {
        return BoundaryRules.all();
    }

    static List<Room> rooms() {
        return BoundaryRules.ROOMS;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void productKeepsTheRule(ArchRule rule) {
        rule.check(product);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void everyRoomWasLookedInto(Room room) {
        assertTrue(product.stream().anyMatch(room::holds));
    }

    @Test
    void offendersAreNoticed() {
        for (ArchRule rule : List.of(BoundaryRules.MINA_ONLY_IN_TRANSPORT,
                BoundaryRules.H2_ONLY_IN_SPOOL, BoundaryRules.NO_OBJECTS_FROM_BUFFERS,
                BoundaryRules.NO_SERIALIZATION)) {
            assertTrue(rule.evaluate(offender).hasViolation(), rule::getDescription);
        }
    }

    @Test
    void testsAreNotTakenForTheProduct() {
        assertFalse(product.contain("net.spillway.it.boundary.Offender"));
    }
}

package net.spillway.relay.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordHashTest {
    /** What the reference program makes of "password" with the salt "somesalt". */
    private static final String FOREIGN = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
            + "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    @TempDir
    Path dir;

    @Test
    void aHashFitsItsPasswordAndIsNeverTheSameTwice() {
        PasswordHash hash = PasswordHash.of("tr\u00e8s secret");
        assertTrue(hash.matches("tr\u00e8s secret"));
        assertFalse(hash.matches("tres secret"));
        assertNotEquals(hash.toString(), PasswordHash.of("tr\u00e8s secret").toString());
        PasswordHash again = PasswordHash.parse(hash.toString()).orElseThrow();
        assertEquals(hash.toString(), again.toString());
        assertTrue(again.matches("tr\u00e8s secret"));
        assertTrue(hash.toString().startsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    }

    @Test
    void hashesOfOtherProgramsAreUnderstood() {
        assertTrue(PasswordHash.parse(FOREIGN).orElseThrow().matches("password"));
    }

    @Test
    void whatIsNoHashOrAsksTooMuchIsRefused() {
        for (String bad : new String[] {"", "secret", FOREIGN.replace("argon2id", "argon2i"),
            FOREIGN.replace("m=65536", "m=9999999"), FOREIGN.replace("t=2", "t=0"),
            FOREIGN.replace("p=1", "p=99"), FOREIGN + "\n", FOREIGN.replace("v=19", "v=16")}) {
            assertEquals(Optional.empty(), PasswordHash.parse(bad), bad);
        }
    }

    @Test
    void theFileIsClosedToOthersAndNamesTheLineThatIsWrong() throws Exception {
        Path path = dir.resolve("users");
        UsersFile file = new UsersFile(path);
        assertEquals(Set.of(), file.all().keySet());
        file.put("ann", PasswordHash.parse(FOREIGN).orElseThrow());
        file.put("bob", PasswordHash.parse(FOREIGN).orElseThrow());
        assertEquals("rw-------", PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path)));
        assertEquals(Set.of("ann", "bob"), new UsersFile(path).all().keySet());
        assertFalse(file.remove("eve"));
        Files.writeString(path, "# ours\n\nann:" + FOREIGN + "\nbob:secret\n");
        IOException e = assertThrows(IOException.class, file::all);
        assertTrue(e.getMessage().startsWith(path + ":4: is not NAME:HASH"), e.getMessage());
        assertFalse(e.getMessage().contains("secret"), "a password may stand there");
        for (String name : new String[] {"", "a b", "a:b", "#a", "a\n", "x".repeat(129)}) {
            assertFalse(UsersFile.isName(name), name);
        }
    }
}

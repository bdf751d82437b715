package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files get their names all or not at all, also when the program is told to end. */
@Timeout(60)
class WorkFolderTest {
    @TempDir private Path folder;

    @Test
    void cleaningUpWaitsUntilFilesAreInPlace() throws Exception {
        WorkFolder work = new WorkFolder(folder);
        Path draft = Files.write(work.next(), new byte[] {1, 2, 3});
        CountDownLatch placing = new CountDownLatch(1);
        Thread cleaning = new Thread(() -> {
            try {
                placing.await();
                work.close();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        cleaning.start();
        work.finish(() -> {
            placing.countDown();
            while (cleaning.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            return PutInPlace.repaired(Map.of("name", draft), folder);
        });
        cleaning.join();
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(folder.resolve("name")));
        assertEquals(List.of("", "name"), TestFiles.tree(folder));
    }

    @Test
    void folderThatCannotBeWrittenIsNamedItself() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path base : List.of(file, folder.resolve("absent"))) {
            FileSystemException e =
                    assertThrows(FileSystemException.class, () -> new WorkFolder(base));
            assertEquals(base.toString(), e.getFile());
        }
    }

    @Test
    void noFolderIsLeftWhenTheProgramIsToldToEndBeforeItIsMade() throws Exception {
        assertThrows(IOException.class, () -> new WorkFolder(folder, hook -> {
            throw new IllegalStateException("Shutdown in progress");
        }));
        assertThrows(IOException.class, () -> new WorkFolder(folder, Thread::run));
        assertEquals(List.of(""), TestFiles.tree(folder));
    }

    @Test
    void nothingIsPutInPlaceAfterCleaningUp() throws Exception {
        WorkFolder work = new WorkFolder(folder);
        work.close();
        assertThrows(IOException.class, () -> work.finish(() -> {
            throw new AssertionError("no step may be taken");
        }));
    }

    @Test
    void filesToBeReplacedAreAllThereAgainIfOneOfTheNewCannotBePlaced() throws Exception {
        Path index = Files.write(folder.resolve("set.par2"), new byte[] {1});
        Path volume = Files.write(folder.resolve("set.vol0+1.par2"), new byte[] {2});
        Path inTheWay = folder.resolve("set.vol1+2.par2");
        Files.createDirectories(inTheWay.resolve("something"));
        List<String> before = TestFiles.tree(folder);
        try (WorkFolder work = new WorkFolder(folder)) {
            List<Path> drafts = List.of(
                    Files.write(work.next(), new byte[] {3}),
                    Files.write(work.next(), new byte[] {4}),
                    Files.write(work.next(), new byte[] {5}));
            assertThrows(IOException.class, () -> PutInPlace.all(
                    drafts, List.of(index, volume, inTheWay), work, true));
        }
        assertEquals(before, TestFiles.tree(folder));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(index));
        assertArrayEquals(new byte[] {2}, Files.readAllBytes(volume));
    }

    @Test
    void fileInTheWayIsKeptThoughItsNameHasNoRoomForAnEnding() throws Exception {
        String name = "é".repeat(127) + "x"; // As long as file systems let names be.
        Path target = Files.write(folder.resolve(name), new byte[] {7});
        Path kept = folder.resolve("é".repeat(126) + ".1");
        for (Path backup : List.of(kept, folder.resolve("é".repeat(126) + ".2"))) {
            Path draft = Files.write(folder.resolve("draft"), new byte[] {8});
            assertEquals(List.of(backup),
                    PutInPlace.repaired(Map.of(name, draft), folder).backups());
        }
        assertArrayEquals(new byte[] {8}, Files.readAllBytes(target));
        assertArrayEquals(new byte[] {7}, Files.readAllBytes(kept));
    }

    @Test
    void fileInTheWayComesBackIfTheRepairedOneIsGone() throws Exception {
        Path target = Files.write(folder.resolve("name"), new byte[] {7});
        assertThrows(IOException.class,
                () -> PutInPlace.repaired(
                        Map.of("name", folder.resolve("no draft")), folder));
        assertArrayEquals(new byte[] {7}, Files.readAllBytes(target));
        assertFalse(Files.exists(folder.resolve("name.1")));
    }
}

package dev.paraflux.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    private static final byte[] TEXT = "content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void newFileIsWrittenAndNothingElseIsLeft() throws IOException {
        AtomicFile.write(folder.resolve("a"), out -> out.write(TEXT));
        assertEquals("content", Files.readString(folder.resolve("a")));
        assertEquals(List.of("a"), names());
    }

    @Test
    void existingFileIsReplaced() throws IOException {
        Path target = Files.writeString(folder.resolve("a"), "a longer file that was there before");
        AtomicFile.write(target, out -> out.write(TEXT));
        assertEquals("content", Files.readString(target));
        assertEquals(List.of("a"), names());
    }

    @Test
    void contentMayCloseItsStream() throws IOException {
        AtomicFile.write(folder.resolve("a"), out -> {
            out.write(TEXT);
            out.close();
        });
        assertEquals("content", Files.readString(folder.resolve("a")));
    }

    @Test
    void nameWithoutFolderMeansTheWorkingFolder() throws IOException {
        AtomicFile.checkWritable(Path.of("a-file-that-is-not-there"));
        assertFalse(Files.exists(Path.of("a-file-that-is-not-there")));
    }

    @Test
    void targetIsWholeUntilTheMove() throws IOException {
        Path target = Files.writeString(folder.resolve("a"), "before");
        AtomicFile.write(target, out -> {
            out.write(TEXT);
            out.flush();
            assertEquals("before", Files.readString(target));
            String part = names().stream().filter(name -> !name.equals("a")).findFirst().orElseThrow();
            assertTrue(part.matches("\\.a\\.[0-9a-f]+\\.part"), part);
        });
    }

    @Test
    void failureInTheContentLeavesTheTargetAndNoPart() throws IOException {
        Path target = Files.writeString(folder.resolve("a"), "before");
        IOException full = new IOException("No space left on device");
        IOException thrown = assertThrows(IOException.class, () -> AtomicFile.write(target, out -> {
            out.write(TEXT);
            throw full;
        }));
        assertEquals("cannot write " + target + ": No space left on device", thrown.getMessage());
        assertSame(full, thrown.getCause());
        IllegalStateException bug = new IllegalStateException("bug");
        assertSame(bug, assertThrows(IllegalStateException.class, () -> AtomicFile.write(target, out -> {
            throw bug;
        })));
        assertEquals("before", Files.readString(target));
        assertEquals(List.of("a"), names());
    }

    @Test
    void anotherFilesFailureKeepsItsName() {
        Path other = folder.resolve("other");
        refused(folder.resolve("a"), "cannot write " + folder.resolve("a") + ": " + other + ": no such file",
                () -> AtomicFile.write(folder.resolve("a"), out -> out.write(Files.readAllBytes(other))));
    }

    @Test
    void linkStaysAndItsFileIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "before");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        AtomicFile.write(link, out -> out.write(TEXT));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("content", Files.readString(file));
    }

    @Test
    void danglingLinkStaysAndItsFileIsMade() throws IOException {
        Path between = Files.createSymbolicLink(folder.resolve("between"), Path.of("later"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), between);
        AtomicFile.write(link, out -> out.write(TEXT));
        assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(between));
        assertEquals("content", Files.readString(folder.resolve("later")));
    }

    @Test
    void linkThatLeadsToItselfIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("link"));
        refused(link, "cannot write " + link + ": it is a symbolic link that leads to itself");
    }

    @Test
    void oneFileByTwoPathsIsFound() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "");
        Path other = Files.writeString(folder.resolve("b"), "");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        Path hard = Files.createLink(folder.resolve("hard"), file);
        Path missing = folder.resolve("later");
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), missing);
        Path linkedFolder = Files.createSymbolicLink(folder.resolve("folder"), folder);
        Files.createDirectory(folder.resolve("x"));
        for (Path same : List.of(link, hard, folder.resolve("./a"), folder.resolve("x/../a"),
                linkedFolder.resolve("a"))) {
            assertTrue(AtomicFile.same(file, same), same.toString());
            assertFalse(AtomicFile.same(other, same), same.toString());
        }
        for (Path same : List.of(missing, dangling, folder.resolve("./later"), linkedFolder.resolve("later"))) {
            assertTrue(AtomicFile.same(missing, same), same.toString());
            assertFalse(AtomicFile.same(file, same), same.toString());
        }
        assertFalse(AtomicFile.same(missing, Path.of("/")));
    }

    @Test
    void folderAsTargetIsRefused() {
        refused(folder, "cannot write " + folder + ": it is a folder");
    }

    @Test
    void rootIsRefused() {
        refused(Path.of("/"), "cannot write /: not the name of a file");
    }

    @Test
    void missingFolderIsRefused() {
        Path target = folder.resolve("missing").resolve("a");
        refused(target, "cannot write " + target + ": its folder " + folder.resolve("missing") + " does not exist");
    }

    @Test
    void fileAsFolderIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path target = file.resolve("a");
        refused(target, "cannot write " + target + ": " + file + " is not a folder");
    }

    @Test
    void deviceIsRefused() {
        assumeTrue(Files.exists(Path.of("/dev/null")));
        refused(Path.of("/dev/null"), "cannot write /dev/null: it is not a regular file");
    }

    @Test
    void readOnlyFileAndFolderAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "before");
        assumeTrue(file.toFile().setReadOnly() && !Files.isWritable(file), "root may write everything");
        refused(file, "cannot write " + file + ": it is read-only");
        Path locked = Files.createDirectory(folder.resolve("locked"));
        assertTrue(locked.toFile().setReadOnly());
        refused(locked.resolve("a"),
                "cannot write " + locked.resolve("a") + ": its folder " + locked + " is read-only");
    }

    @Test
    void nameTooLongForAPartSaysSo() {
        Path target = folder.resolve("n".repeat(250));
        refused(target, "cannot write " + target + ": File name too long");
    }

    /** Whatever its permissions say. */
    @Test
    void folderThatTakesNoNewFileIsRefused() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")));
        String message = assertThrows(IOException.class, () -> AtomicFile.checkWritable(Path.of("/proc/self/a")))
                .getMessage();
        assertTrue(message.startsWith("cannot write /proc/self/a: "), message);
    }

    @Test
    void nothingIsLeftOfACheck() throws IOException {
        Path target = Files.writeString(folder.resolve("a"), "before");
        AtomicFile.checkWritable(target);
        AtomicFile.checkWritable(folder.resolve("b"));
        assertEquals("before", Files.readString(target));
        assertEquals(List.of("a"), names());
    }

    private void refused(Path target, String message) {
        refused(target, message, () -> AtomicFile.checkWritable(target));
        refused(target, message, () -> AtomicFile.write(target, out -> {
            throw new AssertionError("must not be called");
        }));
    }

    private static void refused(Path target, String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IOException.class, call, target.toString()).getMessage());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}

package dev.paraflux.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.io.Npy;
import dev.paraflux.io.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written: all of it, in the format that was named, or it is no success. */
class OutputTest {
    @TempDir
    private Path folder;

    private record Ended(int code, String errors) {}

    /** A run whose standard output takes nothing. */
    private static Ended unwritable(String reason, List<Object> arguments) {
        StringWriter errors = new StringWriter();
        Writer full = new Writer() {
            @Override
            public void write(char[] characters, int from, int length) throws IOException {
                throw new IOException(reason);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        int code = Main.execute(new Cancellation(), full, new PrintWriter(errors),
                arguments.stream().map(Object::toString).toArray(String[]::new));
        return new Ended(code, errors.toString());
    }

    private List<Object> small(String command) {
        List<Object> arguments = new ArrayList<>(List.of(command, "--steps", 1, "--labels", 3));
        arguments.addAll(command.equals("sample") ? List.of("--out", folder.resolve("a.png"))
                : List.of("--methods", "sequential"));
        return arguments;
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "doctor", "sample", "sample --json", "compare", "compare --json"})
    void standardOutputThatCannotBeWrittenIsAFailure(String words) {
        List<Object> arguments = new ArrayList<>(List.of((Object[]) words.split(" ")));
        if (words.startsWith("sample") || words.startsWith("compare")) {
            List<Object> all = small(words.split(" ")[0]);
            all.addAll(arguments.subList(1, arguments.size()));
            arguments = all;
        }
        Ended full = unwritable("No space left on device", arguments);
        assertEquals("paraflux: standard output cannot be written: No space left on device\n", full.errors());
        assertEquals(1, full.code());
    }

    @Test
    void aClosedPipeEndsQuietly() {
        assertEquals(new Ended(141, ""), unwritable("Broken pipe", List.of("--help")));
    }

    /** What was refused stays refused, and nothing was to be printed. */
    @Test
    void aRefusalKeepsItsCode() {
        assertEquals(2, unwritable("No space left on device", List.of("sample", "--steps", 0)).code());
    }

    @Test
    void anUnexpectedFailureIsOneSentenceAndItsDetailsAreAskedFor() {
        StringWriter errors = new StringWriter();
        Failures failures = new Failures(new PrintWriter(errors));
        assertEquals(1, failures.fail(new NullPointerException(), null, false));
        assertEquals("paraflux: internal error, please report: NullPointerException; --stacktrace prints the details\n",
                errors.toString());
        assertEquals(1, failures.fail(new IllegalArgumentException("not one of ours"), null, false));
        assertTrue(errors.toString().contains("please report: not one of ours;"), errors.toString());
        assertEquals(1, failures.fail(new ArithmeticException("a\nb"), null, true));
        String traced = errors.toString();
        assertTrue(traced.contains("please report: a; b\n") && traced.contains("\tat "), traced);
    }

    @Test
    void theCureOfMemoryIsNamed() {
        StringWriter errors = new StringWriter();
        Failures failures = new Failures(new PrintWriter(errors));
        assertEquals(1, failures.fail(new OutOfMemoryError("Physical memory usage is too high"), null, false));
        assertTrue(errors.toString().contains("-Dorg.bytedeco.javacpp.maxphysicalbytes"), errors.toString());
        assertEquals(1, failures.fail(new OutOfMemoryError(), null, false));
        assertTrue(errors.toString().contains("give Java more by -Xmx"), errors.toString());
    }

    @Test
    void rowsAreNotInJavasHeap() {
        StringWriter errors = new StringWriter();
        assertEquals(1, new Failures(new PrintWriter(errors)).fail(new OutOfMemoryError(
                "no memory for the rows of 60 samples: 9 bytes outside the Java heap"), null, false));
        assertEquals(
                "paraflux: out of memory: no memory for the rows of 60 samples: 9 bytes outside the Java heap; draw"
                        + " fewer samples at a time, or have a smaller --window\n",
                errors.toString());
    }

    /** Java calls it a want of memory too. */
    @Test
    void wantOfThreadsIsNotCuredByMemory() {
        StringWriter errors = new StringWriter();
        assertEquals(1, new Failures(new PrintWriter(errors))
                .fail(new OutOfMemoryError("unable to create native thread"), null, false));
        assertEquals("paraflux: unable to create native thread; what limits threads is ulimit -u, or the container's"
                + " number of processes\n", errors.toString());
    }

    /** No fault of ours, and nothing to report. */
    @Test
    void aClassThatIsMissingIsNamedWithWhatBringsIt() {
        StringWriter errors = new StringWriter();
        Failures failures = new Failures(new PrintWriter(errors));
        assertEquals(1, failures.fail(new NoClassDefFoundError("javax/imageio/ImageIO"), null, false));
        assertEquals(
                "paraflux: the class javax.imageio.ImageIO is missing: this Java was put together without its module;"
                        + " pictures take java.desktop\n",
                errors.toString());
        assertEquals(1, failures.fail(new NoClassDefFoundError("org/example/Thing"), null, false));
        assertTrue(errors.toString().contains("a jar that brings it"), errors.toString());
        errors.getBuffer().setLength(0);
        failures.fail(new NoClassDefFoundError("Could not initialize class java.awt.GraphicsEnvironment"), null, false);
        assertTrue(errors.toString().startsWith("paraflux: internal error, please report: "), errors.toString());
    }

    @Test
    void aJpegIsOne() throws IOException {
        Path file = folder.resolve("a.jpg");
        CommandRun.of("sample", "--steps", 1, "--labels", 3, "--out", file).requireCode(0);
        assertEquals((byte) 0xd8, Files.readAllBytes(file)[1]);
        assertEquals(112 * 112, Picture.read(file).values("picture", 1, 112, 112).length);
    }

    /** As PyTorch takes them: the same 64 bits with a sign and without. */
    @Test
    void seedsHave64Bits() throws IOException {
        float[] unsigned = drawn("18446744073709551615");
        assertArrayEquals(drawn("-1"), unsigned);
    }

    private float[] drawn(String seed) throws IOException {
        Path array = folder.resolve("a.npy");
        CommandRun.of("sample", "--steps", 1, "--labels", 3, "--seed", seed, "--out", folder.resolve("a.png"), "--save",
                array).requireCode(0);
        return Npy.read(array).toFloats();
    }

    @ParameterizedTest
    @ValueSource(strings = {"drift", "Integrating-Factor"})
    void paraTaaInEitherForm(String form) {
        CommandRun.of("sample", "--method", "parataa", "--unrolling", form, "--steps", 3, "--labels", 3, "--out",
                folder.resolve("a.png")).requireCode(0);
    }

    @Test
    void aMaskOfBools() throws IOException {
        Path mask = folder.resolve("mask.npy");
        byte[] header = "{'descr': '|b1', 'fortran_order': False, 'shape': (28, 28), }\n".getBytes();
        byte[] file = new byte[10 + header.length + 28 * 28];
        System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0}, 0, file, 0,
                10);
        System.arraycopy(header, 0, file, 10, header.length);
        file[file.length - 1] = 1;
        Files.write(mask, file);
        drawn("1");
        CommandRun
                .of("sample", "--steps", 1, "--labels", 3, "--image", folder.resolve("a.npy"), "--mask", mask, "--out",
                        folder.resolve("b.png"))
                .requireCode(0);
    }
}

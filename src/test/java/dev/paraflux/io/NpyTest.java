package dev.paraflux.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads files NumPy wrote, writes the bytes NumPy writes, and refuses everything else in words. */
class NpyTest {
    private static final float[] SIX = {0, 1, -1.5f, 3.25f, 1e-30f, -1e30f};

    @TempDir
    Path folder;

    @Test
    void float32OfNumpy() throws Exception {
        Npy array = Npy.read(numpys("float32_2x3.npy"));
        assertArrayEquals(new int[] {2, 3}, array.shape());
        assertEquals(6, array.size());
        assertArrayEquals(SIX, array.toFloats());
        assertEquals(3.25, array.toDoubles()[3]);
        assertEquals("the array has floating-point numbers; use toFloats() or toDoubles()",
                assertThrows(IllegalStateException.class, array::toLongs).getMessage());
    }

    @Test
    void float64ScalarOfNumpy() throws Exception {
        Npy array = Npy.read(numpys("float64_scalar.npy"));
        assertEquals(0, array.shape().length);
        assertArrayEquals(new double[] {0.1}, array.toDoubles());
        assertArrayEquals(new float[] {0.1f}, array.toFloats());
    }

    @Test
    void labelsOfNumpy() throws Exception {
        Npy array = Npy.read(numpys("int64_labels.npy"));
        assertArrayEquals(new long[] {0, 10, -3, (1L << 53) + 1}, array.toLongs());
        assertEquals(10f, array.toFloats()[1]);
        assertEquals(-3.0, array.toDoubles()[2]);
    }

    @Test
    void emptyArrayOfNumpy() throws Exception {
        Npy array = Npy.read(numpys("int32_empty_0x4.npy"));
        assertArrayEquals(new int[] {0, 4}, array.shape());
        assertEquals(0, array.toLongs().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32_version2.npy", "float32_version3.npy"})
    void laterVersionsOfNumpy(String name) throws Exception {
        assertArrayEquals(new float[] {0, 1, 2}, Npy.read(numpys(name)).toFloats());
    }

    @Test
    void writtenBytesAreNumpys() throws Exception {
        Path path = folder.resolve("a.npy");
        Npy.write(path, SIX, 2, 3);
        assertArrayEquals(Files.readAllBytes(numpys("float32_2x3.npy")), Files.readAllBytes(path));
    }

    static Stream<int[]> shapes() {
        return Stream.of(new int[] {}, new int[] {0}, new int[] {5, 0, 3}, new int[] {1}, new int[] {7},
                new int[] {3, 1, 28, 28}, new int[] {40_000}, ones(32));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void whatIsWrittenIsRead(int[] shape) throws IOException {
        int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        float[] values = new float[count];
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
        }
        Path path = folder.resolve("a.npy");
        Npy.write(path, values, shape);
        Npy array = Npy.read(path);
        assertArrayEquals(shape, array.shape());
        assertArrayEquals(values, array.toFloats());
        assertEquals(0, (Files.size(path) - 4L * count) % 64, "data starts at a multiple of 64");
    }

    static Stream<Arguments> badShapes() {
        return Stream.of(Arguments.of(6, new int[] {2, 2}), Arguments.of(6, new int[] {-2, -3}),
                Arguments.of(0, new int[] {-1, 0}), Arguments.of(0, new int[] {}),
                Arguments.of(0, new int[] {65536, 65536}), Arguments.of(1, ones(33)));
    }

    @ParameterizedTest
    @MethodSource("badShapes")
    void shapeThatDoesNotFitIsRefused(int count, int[] shape) {
        Path path = folder.resolve("a.npy");
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> Npy.write(path, new float[count], shape));
        assertTrue(e.getMessage().startsWith("shape [") && e.getMessage().endsWith(": must be at most 32 sizes, 0 or"
                + " more, whose product is the number of values, " + count), e.getMessage());
        assertEquals(false, Files.exists(path));
    }

    static Stream<Arguments> badHeaders() {
        String types = ": must be bool, int8, int16, int32, int64, uint8, uint16, uint32, float16, float32, float64";
        return Stream.of(
                Arguments.of("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
                        "type of elements \"|O\"" + types),
                Arguments.of("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }",
                        "type of elements \"<c8\"" + types),
                Arguments.of("{'descr': '|f4', 'fortran_order': False, 'shape': (1,), }",
                        "type of elements \"|f4\"" + types),
                Arguments.of("{'descr': '', 'fortran_order': False, 'shape': (1,), }",
                        "type of elements \"\"" + types),
                Arguments.of("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
                        "header has \"[('a', '<f4'\" at character 10, expected a quoted string"),
                Arguments.of("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }",
                        "header has \"0, 'shape': \" at character 34, expected True or False"),
                Arguments.of("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
                        "header has \"-1,), }\" at character 51, expected a size (digits)"),
                Arguments.of("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2), }",
                        "header has \"2), }\" at character 53, expected ')'"),
                Arguments.of("{'descr': '<f4', 'fortran_order': False, 'shape': 1, }",
                        "header has \"1, }\" at character 50, expected '('"),
                Arguments.of("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483648,), }",
                        "size in the shape \"2147483648\": must be 0 to 2147483647"),
                Arguments.of("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536), }",
                        "shape [65536, 65536, 65536, 65536]: must be of less than 2 GiB"),
                Arguments.of("{'descr': '<f8', 'fortran_order': False, 'shape': (268435456,), }",
                        "shape [268435456]: must be of less than 2 GiB"),
                Arguments.of("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': True, }",
                        "header key \"more\": must be descr, fortran_order or shape"),
                Arguments.of("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'descr': '<f4'}",
                        "header key 'descr' appears twice"),
                Arguments.of("{'fortran_order': False, 'shape': (1,), }", "header key 'descr' is missing"),
                Arguments.of("{'descr': '<f4', 'shape': (1,), }", "header key 'fortran_order' is missing"),
                Arguments.of("{'descr': '<f4', 'fortran_order': False}", "header key 'shape' is missing"),
                Arguments.of("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} #",
                        "header has \"#\" at character 56, expected the end of the header"),
                Arguments.of("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
                        "header has \"\" at character 54, expected '}'"),
                Arguments.of("{'descr': '<f4", "header has \"'<f4\" at character 10, expected a quoted string"),
                Arguments.of("\0\u00ff", "header has \"??\" at character 0, expected '{'"),
                Arguments.of("", "header has \"\" at character 0, expected '{'"));
    }

    @ParameterizedTest
    @MethodSource("badHeaders")
    void headerOutsideTheFormatIsRefused(String header, String message) throws IOException {
        refused(file(header, 4), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'shape':(2,3),'fortran_order':False,'descr':'<f4'}\n",
            "{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (2, 3,)}"})
    void headerInOtherOrderAndSpacingIsRead(String header) throws IOException {
        assertArrayEquals(new int[] {2, 3}, Npy.read(file(header, 24)).shape());
    }

    @Test
    void wrongLengthIsRefused() throws IOException {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
        refused(file(header, 23), "truncated: 23 bytes of data, shape [2, 3] of '<f4' needs 24");
        refused(file(header, 25), "too long: 25 bytes of data, shape [2, 3] of '<f4' needs 24");
        refused(file("{'descr': '<f8', 'fortran_order': False, 'shape': (200000000,), }\n", 8),
                "truncated: 8 bytes of data, shape [200000000] of '<f8' needs 1600000000");
    }

    @Test
    void everyCutOfAGoodFileIsRefused() throws Exception {
        byte[] good = Files.readAllBytes(numpys("float32_2x3.npy"));
        Path path = folder.resolve("cut.npy");
        for (int length = 0; length < good.length; length++) {
            Files.write(path, Arrays.copyOf(good, length));
            assertThrows(IOException.class, () -> Npy.read(path), "cut to " + length + " bytes");
        }
        refused(Files.write(path, Arrays.copyOf(good, 50)), "truncated: it ends in its header");
    }

    @Test
    void whatIsNotAnNpyFileIsRefused() throws IOException {
        String notNpy = "not a .npy file: it does not begin with \\x93NUMPY and a version";
        refused(Files.writeString(folder.resolve("empty"), ""), notNpy);
        refused(Files.writeString(folder.resolve("text"), "some text that is long enough"), notNpy);
        refused(folder.resolve("missing"), "no such file");
        byte[] version4 = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 4, 0, 1, 1};
        refused(Files.write(folder.resolve("version4"), version4), "version of the .npy format 4: must be 1 to 3");
        byte[] endless = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1};
        refused(Files.write(folder.resolve("endless"), endless), "bytes of the header 4294967295: must be 0 to 65535");
        refused(folder, "it is a folder");
    }

    @Test
    void requiredShapeIsNamed() throws Exception {
        Npy array = Npy.read(numpys("float32_2x3.npy"));
        assertSame(array, array.requireShape("labels", 2, 3));
        assertSame(array, array.requireShape("labels", -1, 3));
        for (int[] expected : new int[][] {{3, 2}, {2}, {2, 3, 1}, {-1, 4}}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                    () -> array.requireShape("labels", expected));
            assertEquals("labels: shape [2, 3]: must be " + Arrays.toString(expected).replace("-1", "any"),
                    e.getMessage());
        }
    }

    private static void refused(Path path, String message) {
        Exception refusal = assertThrows(Exception.class, () -> Npy.read(path));
        assertTrue(refusal instanceof IOException || refusal instanceof IllegalValueException, refusal.toString());
        assertEquals(path + ": " + message, refusal.getMessage());
    }

    private Path file(String header, int dataBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        bytes.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0});
        bytes.write(text);
        bytes.write(new byte[dataBytes]);
        return Files.write(folder.resolve("made.npy"), bytes.toByteArray());
    }

    private static int[] ones(int length) {
        int[] ones = new int[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Path numpys(String name) throws URISyntaxException {
        return Path.of(NpyTest.class.getResource(name).toURI());
    }
}

package dev.paraflux.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.check.IllegalValueException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type, order of bytes and order of elements that NumPy writes by itself, from files that it wrote. */
class NpyTypesTest {
    @TempDir
    Path folder;

    private static Path numpys(String name) throws Exception {
        return Path.of(NpyTypesTest.class.getResource(name).toURI());
    }

    private static Npy read(String name) throws Exception {
        return Npy.read(numpys(name));
    }

    @Test
    void halfPrecisionWithItsSpecialValues() throws Exception {
        float[] expected = {0, -0f, 1, -1.5f, 65504, 5.9604645e-8f, 6.097555e-5f, Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY, Float.NaN};
        assertArrayEquals(expected, read("float16_specials.npy").requireFloatingPoint("x").toFloats());
    }

    @Test
    void fortranOrderIsBroughtIntoCOrder() throws Exception {
        Npy array = read("float32_fortran_2x3x4.npy");
        assertArrayEquals(new int[] {2, 3, 4}, array.shape());
        assertArrayEquals(IntStream.range(0, 24).asDoubleStream().toArray(), array.toDoubles());
    }

    @Test
    void bigEndianInFortranOrder() throws Exception {
        Npy array = read("int16_big_endian_fortran.npy");
        assertArrayEquals(new int[] {3, 2}, array.shape());
        assertArrayEquals(new long[] {-3, -2, -1, 0, 1, 2}, array.toLongs());
    }

    @Test
    void whatDoesNotFitAFloatIsSaid() throws Exception {
        Npy array = read("float64_big_endian.npy");
        assertArrayEquals(new double[] {0.1, -2.5, 1e300}, array.toDoubles());
        assertEquals("value 2 1.0E300: must be at most 3.4028235E38 in magnitude, the largest float",
                assertThrows(IllegalValueException.class, array::toFloats).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"uint8.npy, 0 127 255", "int8.npy, -128 127", "uint16.npy, 0 65535", "uint32.npy, 0 4294967295",
            "bool_2x2.npy, 1 0 0 1"})
    void wholeNumbers(String name, String values) throws Exception {
        Npy array = read(name);
        StringBuilder found = new StringBuilder();
        for (long value : array.toLongs()) {
            found.append(found.length() == 0 ? "" : " ").append(value);
        }
        assertEquals(values, found.toString());
        assertEquals("x: type of elements " + name.split("[_.]")[0] + ": must be float16, float32 or float64",
                assertThrows(IllegalValueException.class, () -> array.requireFloatingPoint("x")).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0, 24", "-1, truncated: 23 bytes of data", "1, too long: more than the 24 bytes"})
    void aPipeIsReadToItsEnd(int more, String expected) throws Exception {
        byte[] file = Files.readAllBytes(numpys("float32_2x3.npy"));
        Path pipe = folder.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no pipes here");
        Thread writer = new Thread(() -> {
            try (OutputStream out = Files.newOutputStream(pipe)) {
                out.write(java.util.Arrays.copyOf(file, file.length + more));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        writer.start();
        String found;
        try {
            found = String.valueOf(4 * Npy.read(pipe).size());
        } catch (java.io.IOException e) {
            found = e.getMessage();
        }
        writer.join();
        assertEquals(true, found.contains(expected), found);
    }
}

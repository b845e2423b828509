package dev.paraflux.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values PyTorch gave (2.10, x86 with AVX2), and properties of the stream. */
class TorchRandomTest {
    @Test
    void fewerThanSixteenValuesAreTorchs() {
        assertArrayEquals(new float[] {1.5409961f, -0.2934289f, -2.1787894f, 0.56843126f}, normal(0, 4));
        assertArrayEquals(new float[] {0.33669037f, 0.1288094f, 0.23446237f, 0.23033303f}, normal(42, 4));
        assertArrayEquals(new float[] {1.219763f, -0.39297947f, 1.0230751f, -0.37342113f}, normal(-1, 4));
    }

    @Test
    void oneBlockIsTorchs() {
        float[] expected = {1.9269153f, 1.4872841f, 0.9007172f, -2.105521f, 0.67841846f, -1.2345449f, -0.043067478f,
                -1.604667f, -0.7521353f, 1.648723f, -0.39247864f, -1.4036071f, -0.7278813f, -0.5594302f, -0.7688389f,
                0.7624454f};
        assertArrayEquals(expected, normal(42, 16));
    }

    /** Whatever was drawn before: also where one value of a pair was kept. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 700})
    void aRestartedGeneratorIsAsNew(int drawn) {
        TorchRandom random = new TorchRandom(5);
        random.fillNormal(new float[drawn]);
        random.restart(42);
        float[] values = new float[5];
        random.fillNormal(values);
        assertArrayEquals(normal(42, 5), values);
    }

    @Test
    void raggedEndIsDrawnAgainAsTorchDoes() {
        float[] expected = {-1.1258398f, -1.6959312f, 0.5666506f, 0.79350835f, 0.59883946f, -1.5550951f, -0.3413604f,
                1.8530061f, 0.4680964f, -0.58549756f, -0.17339675f, 0.18347794f, 1.3893661f, 1.5863342f, 0.94629836f,
                -0.84367675f, 0.9318266f};
        assertArrayEquals(expected, normal(0, 17));
    }

    @Test
    void manyValuesAreTorchs() {
        assertEquals(1954653797, Arrays.hashCode(normal(1, 16384)), "digest of 16384 values that were torch's");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 31, 784, 785})
    void bufferGetsWhatAnArrayGets(int size) {
        float[] expected = normal(3, size);
        FloatBuffer direct = ByteBuffer.allocateDirect(4 * (size + 5)).order(ByteOrder.nativeOrder()).asFloatBuffer();
        direct.position(2).limit(size + 2);
        new TorchRandom(3).fillNormal(direct);
        assertEquals(2, direct.position());
        assertEquals(size + 2, direct.limit());
        float[] actual = new float[size];
        direct.get(2, actual);
        assertArrayEquals(expected, actual);
        direct.clear();
        for (int untouched : new int[] {0, 1, size + 2, size + 3, size + 4}) {
            assertEquals(0f, direct.get(untouched), "index " + untouched);
        }
    }

    @ParameterizedTest
    @CsvSource({"5, 4294967301", "-1, 4294967295", "0, -4294967296"})
    void lowThirtyTwoBitsOfTheSeedDecide(long seed, long other) {
        assertArrayEquals(normal(seed, 32), normal(other, 32));
    }

    @Test
    void callsContinueTheStream() {
        TorchRandom random = new TorchRandom(9);
        float[] first = new float[16];
        float[] second = new float[16];
        random.fillNormal(first);
        random.fillNormal(second);
        float[] both = normal(9, 32);
        assertArrayEquals(Arrays.copyOf(both, 16), first);
        assertArrayEquals(Arrays.copyOfRange(both, 16, 32), second);
    }

    @Test
    void secondValueOfAPairIsKeptForTheNextCall() {
        TorchRandom random = new TorchRandom(0);
        float[] one = new float[1];
        float[] rest = new float[3];
        random.fillNormal(one);
        random.fillNormal(rest);
        float[] four = normal(0, 4);
        assertEquals(four[0], one[0]);
        assertArrayEquals(Arrays.copyOfRange(four, 1, 4), rest);
    }

    @Test
    void valuesAreStandardNormal() {
        float[] values = normal(7, 1 << 20);
        double[] moments = new double[5];
        for (float value : values) {
            for (int power = 1; power <= 4; power++) {
                moments[power] += Math.pow(value, power) / values.length;
            }
        }
        assertEquals(0, moments[1], 0.005);
        assertEquals(1, moments[2], 0.01);
        assertEquals(0, moments[3], 0.02);
        assertEquals(3, moments[4], 0.05);
    }

    @Test
    void readOnlyBufferIsRefused() {
        FloatBuffer readOnly = FloatBuffer.allocate(16).asReadOnlyBuffer();
        assertThrows(ReadOnlyBufferException.class, () -> new TorchRandom(0).fillNormal(readOnly));
    }

    private static float[] normal(long seed, int size) {
        float[] values = new float[size];
        new TorchRandom(seed).fillNormal(values);
        return values;
    }
}

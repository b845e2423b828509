package dev.paraflux.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.model.torch.TorchLibrary;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All of PyTorch's seeds, -2^63 to 2^64 - 1, against the libtorch that is here. */
class TorchSeedTest {
    private static final int SIZE = 4;

    @BeforeAll
    static void load() {
        TorchLibrary.require();
    }

    private static float[] torch(long seed) {
        torch.manual_seed(seed);
        try (Tensor tensor = torch.randn(SIZE)) {
            float[] values = new float[SIZE];
            new FloatPointer(tensor.data_ptr_float()).get(values);
            return values;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2147483648", "4294967295", "4294967296", "4294967301", "9223372036854775807",
            "9223372036854775808", "18446744069414584321", "18446744073709551614", "18446744073709551615"})
    void noiseIsTorchs(String seed) {
        long bits = Long.parseUnsignedLong(seed);
        float[] actual = new float[SIZE];
        new TorchRandom(bits).fillNormal(actual);
        assertArrayEquals(torch(bits), actual, 1e-6f);
    }

    /** Python's -1 is 2^64 - 1, whose bits are Java's -1; and the low 32 bits alone decide. */
    @Test
    void negativeSeedsAreTheirBits() {
        assertEquals(-1, Long.parseUnsignedLong("18446744073709551615"));
        assertArrayEquals(torch(-1), torch(4294967295L));
        assertArrayEquals(torch(Long.MIN_VALUE), torch(0));
    }
}

package dev.paraflux.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.util.Set;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Asks libtorch itself, value for value. */
class TorchRandomAgainstLibtorchTest {
    /** Sizes of consecutive calls: below, at and above a block of 16, odd counts to leave a kept value, images. */
    private static final int[] SIZES = {1, 2, 15, 16, 17, 31, 784, 785, 3072, 16384, 1, 3, 20, 1, 100_000};

    /** Without AVX2, libtorch calls the C library, whose last bits are others. */
    private static float tolerance;

    @BeforeAll
    static void loadTorch() throws IOException {
        for (String library : new String[] {"libgomp.so.1", "libc10.so", "libtorch_cpu.so"}) {
            Loader.cacheResource(torch.class, "/org/bytedeco/pytorch/linux-x86_64/" + library);
        }
        Loader.load(torch.class);
        tolerance = Set.of("AVX2", "AVX512").contains(torch.get_cpu_capability().getString()) ? 0f : 3e-6f;
    }

    static LongStream seeds() {
        return LongStream.of(0, 1, 42, 5, 1L << 31, (1L << 32) - 1, (1L << 32) + 5, Long.MAX_VALUE, Long.MIN_VALUE, -1);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void consecutiveCallsGiveTorchsValues(long seed) {
        torch.manual_seed(seed);
        TorchRandom random = new TorchRandom(seed);
        for (int size : SIZES) {
            float[] expected = randn(size);
            float[] actual = new float[size];
            random.fillNormal(actual);
            if (tolerance == 0) {
                assertArrayEquals(expected, actual, () -> "seed " + seed + ", " + size + " values");
            } else {
                assertArrayEquals(expected, actual, tolerance, () -> "seed " + seed + ", " + size + " values");
            }
        }
    }

    private static float[] randn(int size) {
        try (Tensor tensor = torch.randn(size); FloatPointer data = new FloatPointer(tensor.data_ptr())) {
            float[] values = new float[size];
            data.get(values);
            return values;
        }
    }
}

package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianDenoiserTest;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.model.pretrained.ModelCopy;
import dev.paraflux.model.pretrained.SpreadDenoiser;
import dev.paraflux.schedule.X0Limit;
import dev.paraflux.solver.Ddim;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples of a CUDA device have the bits, the rounds and the evaluations of the CPU's. */
class CudaSamplerTest {
    private static final int DIM = 60;
    private static final int STEPS = 12;

    private final long before = NativeMemory.allocatedBytes();

    @BeforeEach
    void isThere() {
        CudaTests.device();
    }

    static Stream<Method> methods() {
        return Stream.of(new Sequential(), Picard.defaults(), ParaTaa.defaults(),
                ParaTaa.defaults().withWindow(4).withHistory(3), SparseParaTaa.defaults(), Srds.defaults(),
                Srds.defaults().withPipelined(true), Chords.defaults());
    }

    /** Guided, painted under a mask, with noise in every step, and as they come, in one sampler. */
    private static List<Request> requests() {
        float[] known = new float[DIM];
        float[] mask = new float[DIM];
        Random random = new Random(1);
        for (int e = 0; e < DIM; e++) {
            known[e] = (float) random.nextGaussian();
            mask[e] = e % 3 / 2f;
        }
        return List.of(Request.seed(1), Request.seed(2).withLabel(3).withGuidance(GuidanceOptions.weight(2)),
                Request.seed(3).withMask(known, mask), Request.seed(4).withSolver(new Ddim(0.5)));
    }

    private static List<Sample> draw(Device device, Denoiser model, Method method, int maxBatch) {
        Denoiser around = X0Clipping.of(Inpainting.of(Guidance.of(model)), X0Limit.dynamic(0.99, 2)).owning();
        try (around;
                Sampler sampler = Sampler.builder(around, TestGrids.linear(STEPS)).device(device).method(method)
                        .maxBatch(maxBatch).build()) {
            return sampler.sample(requests(), RunOptions.defaults());
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void samplesHaveTheBitsOfTheCpus(Method method) {
        assertTheSame(method, () -> TestDenoisers.bent(DIM), () -> TestDenoisers.bent(DIM), CudaTests.device());
    }

    /** Nothing leaves the device but numbers. */
    @ParameterizedTest
    @MethodSource("methods")
    void soDoThoseOfAModelThatWorksThere(Method method) {
        assertTheSame(method, CudaSamplerTest::exact, CudaSamplerTest::exact, CudaTests.device());
    }

    /** Two of the copies are where the sampler has its rows, or one is; the first is on the other device, and has the most. */
    @ParameterizedTest
    @MethodSource("methods")
    void soDoThoseOfCopiesOnTwoDevices(Method method) {
        Device[] devices = {CudaTests.device(), CudaTests.device(1)};
        for (Device rows : devices) {
            assertTheSame(method, CudaSamplerTest::exact,
                    () -> SpreadDenoiser.of(List.of(ModelCopy.of(exact(), devices[1]).withShare(3),
                            ModelCopy.of(exact(), devices[0]), ModelCopy.of(exact(), devices[0]))).owning(),
                    rows);
        }
    }

    private static Denoiser exact() {
        return GaussianDenoiserTest.model(DIM);
    }

    private void assertTheSame(Method method, Supplier<Denoiser> onCpu, Supplier<Denoiser> there, Device device) {
        for (int maxBatch : new int[] {3, 1000}) {
            List<Sample> expected = draw(Device.cpu(), onCpu.get(), method, maxBatch);
            List<Sample> found = draw(device, there.get(), method, maxBatch);
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i).values(), found.get(i).values(), "request " + i);
                assertEquals(expected.get(i).status(), found.get(i).status());
                assertEquals(expected.get(i).stats().rounds(), found.get(i).stats().rounds(), "request " + i);
                assertEquals(expected.get(i).stats().evaluations(), found.get(i).stats().evaluations());
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }
}

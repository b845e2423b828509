package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Afterwards;
import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.method.window.Unrolling;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Inpainting by every method: the known part ends as the image, and the sample is the sequential one. */
class InpaintingMethodsTest {
    private static final int DIM = 41;
    private static final TimeGrid TO_THE_END = TestGrids.angles(12, 1.4);
    /** Noise is left in its last row, of sigma about 0.117. */
    private static final TimeGrid TO_LAST_NOISE = new TimeGrid(TO_THE_END.levels().subList(0, 12));

    private static List<Method> exactMethods() {
        return List.of(new Sequential(), Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(0)),
                ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0)),
                SparseParaTaa.of(ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0))),
                Srds.defaults().withStop(StopRule.pixels(0)),
                Chords.ofCores(4).withStop(StopRule.pixels(0)));
    }

    static Stream<Arguments> runs() {
        List<Arguments> runs = new ArrayList<>();
        for (Method method : exactMethods()) {
            for (Solver solver : List.of(new Ddim(), new Ddim(0.4), new Ddpm())) {
                runs.add(Arguments.of(method, solver));
            }
        }
        return runs.stream();
    }

    private static float[] image(int s) {
        float[] image = new float[DIM];
        for (int e = 0; e < DIM; e++) {
            image[e] = (float) Math.sin(1 + s + 2.3 * e);
        }
        return image;
    }

    /** Each sample has its own: all known, all painted, a half, thirds with a blend between. */
    private static float[] mask(int s) {
        float[] mask = new float[DIM];
        for (int e = 0; e < DIM; e++) {
            mask[e] = new float[] {0, 1, e < DIM / 2 ? 0 : 1, 0.5f * (e % 3)}[s];
        }
        return mask;
    }

    private static List<Request> requests() {
        List<Request> requests = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            requests.add(Request.seed(50 + s).withLabel(s).withMask(image(s), mask(s)));
        }
        requests.add(Request.seed(60).withLabel(7));
        return requests;
    }

    private static List<Sample> run(Method method, Solver solver, TimeGrid grid) {
        Denoiser painter = Afterwards.close(Inpainting.of(Guidance.of(TestDenoisers.bent(DIM), 1.5)).owning());
        return new Runs(painter, grid, solver).run(method, requests());
    }

    @ParameterizedTest
    @MethodSource("runs")
    void knownPartEndsAsTheImageAndTheRestAsSequentialToTheBit(Method method, Solver solver) {
        List<Sample> samples = run(method, solver, TO_THE_END);
        List<Sample> sequential = run(new Sequential(), solver, TO_THE_END);
        for (int s = 0; s < samples.size(); s++) {
            assertEquals(Status.COMPLETED, samples.get(s).status());
            assertArrayEquals(sequential.get(s).values(), samples.get(s).values(), "sample " + s);
        }
        for (int s = 0; s < 4; s++) {
            for (int e = 0; e < DIM; e++) {
                if (mask(s)[e] == 0) {
                    assertEquals(image(s)[e], samples.get(s).values()[e], "sample " + s + ", element " + e);
                }
            }
        }
    }

    /** Where noise is left, a deterministic solver leaves the noise it began with. */
    @Test
    void knownPartIsCarriedAlongWithItsNoise() {
        NoiseLevel last = TO_LAST_NOISE.level(TO_LAST_NOISE.steps());
        for (Method method : exactMethods()) {
            List<Sample> samples = run(method, new Ddim(), TO_LAST_NOISE);
            for (int s = 0; s < 4; s++) {
                float[] noise = new float[DIM];
                new TorchRandom(50 + s).fillNormal(noise);
                for (int e = 0; e < DIM; e++) {
                    if (mask(s)[e] == 0) {
                        assertEquals(last.alpha() * image(s)[e] + last.sigma() * noise[e],
                                samples.get(s).values()[e], Tolerances.FLOAT_RUN, method + ", " + s + ", " + e);
                    }
                }
            }
        }
    }

    /** A stochastic one leaves new noise, of the last level's scale. */
    @Test
    void knownPartIsNoisedAnewByAStochasticSolver() {
        NoiseLevel last = TO_LAST_NOISE.level(TO_LAST_NOISE.steps());
        int runs = 60;
        double sum = 0;
        double squares = 0;
        float[] image = image(0);
        List<Request> requests = new ArrayList<>();
        for (int r = 0; r < runs; r++) {
            requests.add(Request.seed(r).withMask(image, new float[DIM]));
        }
        for (Sample sample : new Runs(Afterwards.close(Inpainting.of(TestDenoisers.bent(DIM))), TO_LAST_NOISE,
                new Ddpm())
                .run(new Sequential(), requests)) {
            for (int e = 0; e < DIM; e++) {
                double noise = (sample.values()[e] - last.alpha() * image[e]) / last.sigma();
                sum += noise;
                squares += noise * noise;
            }
        }
        int count = runs * DIM;
        assertEquals(0, sum / count, 4 / Math.sqrt(count));
        assertEquals(1, squares / count, 4 * Math.sqrt(2.0 / count));
    }

    /** A mask of ones changes nothing but the words that the prediction is told in. */
    @Test
    void everythingPaintedIsThePlainSample() {
        float[] ones = new float[DIM];
        Arrays.fill(ones, 1);
        for (Solver solver : List.of(new Ddim(), new Ddpm())) {
            Request plain = Request.seed(4).withLabel(2);
            assertArrayEquals(new Runs(TestDenoisers.bent(DIM), TO_THE_END, solver).sequential(plain),
                    new Runs(Afterwards.close(Inpainting.of(TestDenoisers.bent(DIM))), TO_THE_END, solver)
                            .sequential(plain.withMask(image(1), ones)),
                    (float) Tolerances.METHOD);
        }
    }

    /** A known x0 does not depend on the state: one round by the solver's own coefficients, and one that sees it. */
    @Test
    void theKnownPartAloneTakesTwoRoundsOfTheIntegratingFactor() {
        Sample sample = new Runs(Afterwards.close(Inpainting.of(TestDenoisers.bent(DIM))), TO_THE_END, new Ddim())
                .run(ParaTaa.defaults().withTolerance(Tolerance.residual(0.001, 0.001))
                        .withUnrolling(Unrolling.INTEGRATING_FACTOR), requests().get(0));
        assertTrue(sample.stats().rounds() <= 2, sample.stats().toString());
    }

    @Test
    void aGridWhereTheModelSaysNothingOfTheSampleIsRefusedAtOnce() {
        Denoiser painter = Inpainting.of(TestDenoisers.gaussian(DIM, 0, 1, Prediction.EPSILON));
        Sampler.Builder builder = Sampler.builder(painter, TestGrids.zeroTerminalSnr(5));
        String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(message.startsWith("alpha at time 999.0 0.0: must be above 0"), message);
    }

    @Test
    void aMaskOfAnotherSizeIsRefusedBeforeAnyWork() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        try (Sampler sampler = Sampler.builder(Inpainting.of(model), TO_THE_END).build()) {
            Request wrong = Request.seed(1).withMask(new float[3], new float[3]);
            assertEquals("number of values of mask 3: must be 41",
                    assertThrows(IllegalArgumentException.class, () -> sampler.sample(wrong)).getMessage());
            assertEquals(0, model.calls());
        }
    }
}

package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the rules measure, on answers that a listener sees, and what they end. */
class StopRuleTest {
    private static final int DIM = 13;
    private static final int STEPS = 12;
    private static final int BLOCKS = 4;
    private static final Request REQUEST = Request.seed(6).withLabel(4);
    private static final double PIXELS = 127.5;

    private final Runs runs = new Runs(TestDenoisers.bent(DIM), TestGrids.angles(STEPS, 1.4), new Ddim());

    /** Methods whose answers come in different rounds, so that a listener sees all of them. */
    static List<Method> methods(StopRule rule) {
        return List.of(Srds.defaults().withBlocks(BLOCKS).withStop(rule),
                Srds.defaults().withBlocks(BLOCKS).withStop(rule).withPipelined(false),
                Chords.defaults().withStarts(List.of(0.0, 0.25, 0.5, 0.75)).withStop(rule));
    }

    @Test
    void pixelsAreClippedAndValuesAreNot() {
        boolean clipped = false;
        for (int m = 0; m < 3; m++) {
            List<float[]> answers = new ArrayList<>();
            List<Double> values = watch(methods(StopRule.values(0)).get(m), answers).stats().changes();
            List<Double> pixels = runs.run(methods(StopRule.pixels(0)).get(m), REQUEST).stats().changes();
            assertEquals(answers.size() - 1, values.size());
            assertEquals(values.size(), pixels.size());
            for (int p = 1; p < answers.size(); p++) {
                assertEquals(change(answers, p, Float.POSITIVE_INFINITY), values.get(p - 1), 1e-12);
                assertEquals(PIXELS * change(answers, p, 1), pixels.get(p - 1), 1e-10);
                clipped |= change(answers, p, 1) < 0.9 * change(answers, p, Float.POSITIVE_INFINITY);
            }
        }
        assertTrue(clipped, "no value was outside [-1, 1]");
    }

    /** Far outside, a picture is white whatever happens to the sample. */
    @Test
    void samplesOutsideThePicturesRangeStandStill() {
        TestDenoisers.Recording shifting = TestDenoisers.of(DIM, Prediction.SAMPLE,
                (x, level, condition, e) -> (e % 2 == 0 ? -1 : 1) * (100 + 0.5 * Math.abs(x - Math.floor(x))));
        Runs far = new Runs(shifting, TestGrids.angles(STEPS, 1.4), new Ddim());
        for (Method method : methods(StopRule.pixels(1e-300))) {
            Sample sample = far.run(method, REQUEST);
            assertEquals(List.of(0.0), sample.stats().changes(), method.toString());
            assertEquals(Status.CONVERGED, sample.status());
        }
        for (Method method : methods(StopRule.values(1e-300))) {
            assertTrue(far.run(method, REQUEST).stats().changes().get(0) > 0.01, method.toString());
        }
    }

    /** Both answers are far off to the same side, and cut off look alike. */
    @Test
    void samplesThatMoveFarOutsideDoNot() {
        TestDenoisers.Recording leaping = TestDenoisers.of(DIM, Prediction.SAMPLE,
                (x, level, condition, e) -> 100 + 50 * Math.abs(x - Math.floor(x)));
        Runs far = new Runs(leaping, TestGrids.angles(STEPS, 1.4), new Ddim());
        for (Method method : methods(StopRule.pixels(0.1))) {
            Sample sample = far.run(method, REQUEST);
            assertTrue(sample.stats().changes().get(0) > 127.5, method + ", " + sample.stats());
            assertEquals(0, sample.stats().residual(), "it went on to the exact sample");
        }
    }

    @Test
    void picturesOfTheIdentityAreTheSampleItself() {
        for (int m = 0; m < 3; m++) {
            TestDecoder identity = TestDecoder.identity(DIM);
            List<float[]> answers = new ArrayList<>();
            Sample decoded = watch(methods(StopRule.decoded(identity, 0)).get(m), answers);
            Sample pixels = runs.run(methods(StopRule.pixels(0)).get(m), REQUEST);
            assertArrayEquals(pixels.values(), decoded.values());
            assertEquals(pixels.stats().refinements(), decoded.stats().refinements());
            for (int p = 0; p < pixels.stats().refinements(); p++) {
                assertEquals(pixels.stats().changes().get(p), decoded.stats().changes().get(p), 1e-10);
            }
            assertEquals(answers.size(), identity.latents.size(), "one call for each answer");
            for (int p = 0; p < answers.size(); p++) {
                assertArrayEquals(answers.get(p), identity.latents.get(p), "answer " + p);
            }
        }
    }

    @Test
    void changeIsThatOfThePictureWhateverItsLength() {
        TestDecoder sum = new TestDecoder(1, (latent, picture) -> {
            picture[0] = 0;
            for (float value : latent) {
                picture[0] += 0.02f * value;
            }
        });
        List<Double> changes = runs.run(methods(StopRule.decoded(sum, 0)).get(0), REQUEST).stats().changes();
        assertEquals(BLOCKS, changes.size());
        for (int p = 1; p <= BLOCKS; p++) {
            double change = 0;
            for (int e = 0; e < DIM; e++) {
                change += 0.02 * (sum.latents.get(p)[e] - (double) sum.latents.get(p - 1)[e]);
            }
            assertEquals(PIXELS * Math.abs(change), changes.get(p - 1), 1e-4);
        }
    }

    @Test
    void picturesThatDoNotChangeEndARunAtItsFirstRefinement() {
        TestDecoder grey = new TestDecoder(3, (latent, picture) -> Arrays.fill(picture, 0.5f));
        for (Method method : methods(StopRule.decoded(grey, 1e-300))) {
            Sample sample = runs.run(method, REQUEST);
            assertEquals(Status.CONVERGED, sample.status());
            assertEquals(List.of(0.0), sample.stats().changes());
            assertTrue(sample.stats().rounds() < STEPS);
        }
    }

    /** Samples of one batch have pictures of their own. */
    @Test
    void samplesOfABatchAreDecodedApart() {
        List<Request> requests = List.of(REQUEST, REQUEST.withLabel(1), REQUEST.withLabel(9));
        for (int m = 0; m < 3; m++) {
            List<Sample> decoded = runs.run(methods(StopRule.decoded(TestDecoder.identity(DIM), 1)).get(m), requests);
            List<Sample> pixels = runs.run(methods(StopRule.pixels(1)).get(m), requests);
            for (int s = 0; s < requests.size(); s++) {
                assertArrayEquals(pixels.get(s).values(), decoded.get(s).values());
                assertEquals(pixels.get(s).stats().rounds(), decoded.get(s).stats().rounds());
            }
            assertNotEquals(decoded.get(0).stats().changes(), decoded.get(1).stats().changes());
        }
    }

    @ParameterizedTest
    @MethodSource("rulesOfZero")
    void toleranceOfZeroIsNeverMet(StopRule rule) {
        // Nothing changes after the first answer, and still the run goes on to the exact one.
        Runs still = new Runs(TestDenoisers.of(DIM, Prediction.SAMPLE, (x, level, condition, e) -> 0),
                TestGrids.angles(STEPS, 1.4), new Ddim());
        for (Method method : methods(rule)) {
            Sample sample = still.run(method, REQUEST);
            assertEquals(Status.COMPLETED, sample.status());
            assertEquals(STEPS, Math.min(STEPS, sample.stats().rounds()), method.toString());
            assertTrue(sample.stats().refinements() >= 3);
            assertTrue(sample.stats().changes().contains(0.0));
        }
    }

    static List<StopRule> rulesOfZero() {
        return List.of(StopRule.pixels(0), StopRule.values(0), StopRule.decoded(TestDecoder.identity(DIM), 0));
    }

    /** Runs a method and keeps what is shown whenever there is another answer. */
    private Sample watch(Method method, List<float[]> answers) {
        AtomicInteger known = new AtomicInteger();
        return runs.run(method, List.of(REQUEST), RunOptions.defaults().withListener(progress -> {
            if (progress.answers(0) > known.getAndSet(progress.answers(0))) {
                float[] preview = new float[DIM];
                progress.preview(0, preview);
                answers.add(preview);
            }
        })).get(0);
    }

    private static double change(List<float[]> answers, int p, float limit) {
        double sum = 0;
        for (int e = 0; e < DIM; e++) {
            double after = Math.max(-limit, Math.min(limit, answers.get(p)[e]));
            double before = Math.max(-limit, Math.min(limit, answers.get(p - 1)[e]));
            sum += Math.abs(after - before);
        }
        return sum / DIM;
    }
}

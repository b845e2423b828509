package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddpm;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that begin from an image: where they begin, and what they keep of it. */
class RequestImageTest {
    private static final int DIM = 23;
    private static final TimeGrid GRID = TestGrids.linear(20);

    private final float[] image = new float[DIM];

    RequestImageTest() {
        for (int e = 0; e < DIM; e++) {
            image[e] = (float) Math.sin(e);
        }
    }

    /** The state of row 0, as the model meets it. */
    private static float[] startRow(Request request, TimeGrid grid) {
        float[] start = new float[DIM];
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        model.beforeCall(batch -> {
            if (model.calls() == 1) {
                batch.states().read(batch.stateRow(0), start);
            }
        });
        sample(model, request, grid);
        return start;
    }

    private static float[] sample(TestDenoisers.Recording model, Request request, TimeGrid grid) {
        try (Sampler sampler = Sampler.builder(model, grid).build()) {
            return sampler.sample(request).values();
        }
    }

    private static float[] noise(long seed) {
        float[] noise = new float[DIM];
        new TorchRandom(seed).fillNormal(noise);
        return noise;
    }

    private float[] noised(NoiseLevel level, float[] noise) {
        float[] row = new float[DIM];
        for (int e = 0; e < DIM; e++) {
            row[e] = (float) (level.alpha() * image[e] + level.sigma() * noise[e]);
        }
        return row;
    }

    @ParameterizedTest
    @CsvSource({"0.3, 6", "0.5, 10", "1, 20"})
    void startRowIsTheNoisedImageAndTheRoundsAreTheStepsTaken(double strength, int steps) {
        TimeGrid grid = GRID.strength(strength);
        assertArrayEquals(noised(GRID.level(20 - steps), noise(7)), startRow(Request.seed(7).withImage(image), grid));
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(DIM), grid).build()) {
            assertEquals(steps, sampler.sample(Request.seed(7).withImage(image)).stats().rounds());
        }
    }

    @Test
    void givenStartNoiseIsTheNoiseOfTheImage() {
        float[] given = noise(99);
        float[] before = given.clone();
        assertArrayEquals(noised(GRID.level(10), given),
                startRow(Request.seed(7).withImage(image).withStart(given), GRID.from(10)));
        assertArrayEquals(before, given, "the caller's array");
    }

    /** Row noise follows in the same stream, so that a run with a blank image is the plain one, but for the scale. */
    @Test
    void rowNoiseIsThatOfAPlainRun() {
        TimeGrid grid = new TimeGrid(List.of(new NoiseLevel(9, 0, 1), NoiseLevel.ofAlphaBar(5, 0.5),
                NoiseLevel.ofAlphaBar(2, 0.9), new NoiseLevel(0, 1, 0)));
        TestDenoisers.Recording model = TestDenoisers.gaussian(DIM, 0.1, 0.5, Prediction.VELOCITY);
        try (Sampler sampler = Sampler.builder(model, grid).solver(new Ddpm()).build()) {
            assertArrayEquals(sampler.sample(Request.seed(3)).values(),
                    sampler.sample(Request.seed(3).withImage(image)).values());
        }
    }

    /** alpha_0 is 0.006 here: that much of the image is still in the start row, and it moves the sample as little. */
    @Test
    void fullStrengthIsNearlyPlainSampling() {
        float[] plain = sample(TestDenoisers.gaussian(DIM, 0.2, 0.5, Prediction.EPSILON), Request.seed(7), GRID);
        float[] full = sample(TestDenoisers.gaussian(DIM, 0.2, 0.5, Prediction.EPSILON),
                Request.seed(7).withImage(image), GRID.strength(1));
        assertArrayEquals(plain, full, 0.01f);
        assertFalse(Arrays.equals(plain, full), "the image is in the start row");
    }

    @Test
    void lowStrengthKeepsTheImageAndHighStrengthLosesIt() {
        double before = -1;
        for (double strength : new double[] {0.05, 0.3, 0.6, 0.9}) {
            float[] sample = sample(TestDenoisers.gaussian(DIM, 0, 0.5, Prediction.EPSILON),
                    Request.seed(7).withImage(image), GRID.strength(strength));
            double squares = 0;
            for (int e = 0; e < DIM; e++) {
                squares += Math.pow(sample[e] - image[e], 2) / DIM;
            }
            assertTrue(squares > before, strength + ": " + squares + " after " + before);
            assertTrue(strength > 0.05 || squares < 0.05, "hardly changed: " + squares);
            before = squares;
        }
    }

    @Test
    void imagesThatDoNotFitAreRefusedBeforeAnyWork() {
        refused("number of values of image 22: must be 23", Request.seed(1).withImage(new float[DIM - 1]));
        float[] spoiled = image.clone();
        spoiled[4] = Float.NaN;
        assertEquals("image[4] NaN: must be finite", assertThrows(IllegalValueException.class,
                () -> Request.seed(1).withImage(spoiled)).getMessage());
    }

    private static void refused(String message, Request request) {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        try (Sampler sampler = Sampler.builder(model, GRID).build()) {
            assertEquals(message,
                    assertThrows(IllegalValueException.class, () -> sampler.sample(request)).getMessage());
            assertEquals(0, model.calls());
        }
    }

    @Test
    void nothingThatWasGivenIsForgotten() {
        float[] mask = new float[DIM];
        Request request = Request.seed(1).withImage(image).withMask(image, mask).withStart(noise(1))
                .withRowNoise(noise(2)).withLabel(4);
        assertArrayEquals(image, request.image());
        assertNotNull(request.start());
        assertNotNull(request.rowNoise());
        assertEquals(Condition.label(4), request.conditioning().condition());
        assertArrayEquals(mask, request.conditioning().mask().mask());
        float[] other = mask.clone();
        other[3] = 1;
        Conditioning second = request.withMask(image, other).conditioning();
        assertEquals(Condition.label(4), second.condition());
        assertArrayEquals(other, second.mask().mask());
        assertTrue(request.toString().endsWith("given image]"), request.toString());
    }
}

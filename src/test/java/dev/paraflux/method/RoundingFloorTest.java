package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.GaussianMixtureDenoiser.Component;
import dev.paraflux.model.Precision;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods end on a model that rounds its predictions when they would on one that does not. */
class RoundingFloorTest {
    private static final int DIM = 256;
    private static final int STEPS = 100;
    private static final int SEEDS = 3;
    /** Rounds that a method may take besides those that it takes without rounding. */
    private static final int MORE = 2;

    /** Says the values of another model in fewer bits, by one rounding where a network has many. */
    private static final class Rounded extends ForwardingDenoiser {
        private final Precision precision;
        private final double told;

        Rounded(Denoiser model, Precision precision, double told) {
            super(model);
            this.precision = precision;
            this.told = told;
        }

        /** One that says so. */
        static Rounded to(Precision precision) {
            return new Rounded(mixture(), precision, precision.rounding());
        }

        @Override
        public double rounding(Conditioning conditioning) {
            return told;
        }

        @Override
        public void evaluate(Batch batch) {
            super.evaluate(batch);
            float[] values = new float[model.dim()];
            Buffer predictions = batch.predictions();
            for (int i = 0; i < batch.size(); i++) {
                predictions.read(batch.predictionRow(i), values);
                for (int e = 0; e < values.length; e++) {
                    float unit = (float) (2 * precision.rounding() * Math.scalb(1.0, Math.getExponent(values[e])));
                    values[e] = Math.round(values[e] / unit) * unit;
                }
                predictions.write(batch.predictionRow(i), values);
            }
        }
    }

    private static GaussianMixtureDenoiser mixture() {
        Random random = new Random(3);
        List<Component> components = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            components.add(new Component(0.25, random.doubles(DIM, -1.2, 1.2).toArray(), 0.4));
        }
        return new GaussianMixtureDenoiser(new int[] {DIM}, components);
    }

    static Stream<Arguments> methods() {
        List<Arguments> all = new ArrayList<>();
        for (Precision precision : new Precision[] {Precision.BFLOAT16, Precision.FLOAT16}) {
            for (Method method : new Method[] {Picard.defaults(), ParaTaa.defaults(), ParaTaa.defaults().withWindow(30),
                    SparseParaTaa.defaults(),
                    Srds.defaults(), Srds.defaults().withStop(StopRule.values(1e-4)), Chords.defaults()}) {
                all.add(Arguments.of(precision, method));
            }
        }
        return all.stream();
    }

    private static List<Sample> samples(Denoiser model, Method method) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).method(method).build()) {
            return Stream.iterate(0, seed -> seed + 1).limit(SEEDS).map(seed -> sampler.sample(Request.seed(seed)))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void roundsAreThoseOfFloat32(Precision precision, Method method) {
        List<Sample> exact = samples(mixture(), method);
        List<Sample> rounded = samples(Rounded.to(precision), method);
        List<Sample> last = samples(Rounded.to(precision), new Sequential());
        for (int seed = 0; seed < SEEDS; seed++) {
            assertEquals(Status.CONVERGED, rounded.get(seed).status());
            int rounds = rounded.get(seed).stats().rounds();
            assertTrue(rounds <= exact.get(seed).stats().rounds() + MORE,
                    rounds + " rounds, and " + exact.get(seed).stats().rounds() + " of float32");
            // It is as near to where it would end as rounding has any say in it.
            double distance = distance(last.get(seed).values(), rounded.get(seed).values());
            assertTrue(distance < 8 * precision.rounding(), distance + " from the last one");
        }
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int e = 0; e < a.length; e++) {
            sum += (a[e] - b[e]) * (double) (a[e] - b[e]);
        }
        return Math.sqrt(sum / a.length);
    }

    /** What the floor is for. */
    @Test
    void withoutAFloorTheyWouldGoOn() {
        Denoiser silent = new Rounded(mixture(), Precision.BFLOAT16, 0);
        Denoiser told = Rounded.to(Precision.BFLOAT16);
        for (Method method : new Method[] {Picard.defaults(), ParaTaa.defaults(), SparseParaTaa.defaults(),
                Srds.defaults().withStop(StopRule.values(1e-4))}) {
            int rounds = samples(silent, method).get(0).stats().rounds();
            assertTrue(rounds > 2 * samples(told, method).get(0).stats().rounds(), method + ": " + rounds);
        }
    }

    /** A tolerance of 0 asks for the bits. */
    @Test
    void withoutAToleranceThereIsNoFloor() {
        Denoiser model = Rounded.to(Precision.BFLOAT16);
        float[] sequential = samples(model, new Sequential()).get(0).values();
        for (Method method : new Method[] {
                Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(0)).withMaxRounds(1000),
                ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0)),
                SparseParaTaa.of(ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0))),
                Srds.defaults().withStop(StopRule.pixels(0)),
                Chords.defaults().withStop(StopRule.values(0))}) {
            Sample sample = samples(model, method).get(0);
            assertArrayEquals(sequential, sample.values(), method.toString());
        }
    }

    /** |b_i| of DDIM has one term; more than 100 rows have larger floors, by the power 3/4 of their number. */
    @ParameterizedTest
    @CsvSource({"10, 2.5", "100, 2.5", "400, 7.0710678118654755"})
    void rowsHaveTheFloorOfTheirFactors(int steps, double times) {
        TriangularSystem system = new Ddim(0).system(TestGrids.linear(steps), Prediction.EPSILON);
        double[] floors = RoundingFloor.ofRows(system);
        assertEquals(steps + 1, floors.length);
        assertEquals(0, floors[0]);
        for (int i = 1; i <= steps; i++) {
            double[] factor = new double[1];
            system.rightSide(i, new TriangularSystem.Terms() {
                @Override
                public void state(double of, int j) {}

                @Override
                public void prediction(double of, int j) {
                    factor[0] = of;
                }

                @Override
                public void noise(double of, int j) {}
            });
            assertEquals(times * Math.abs(factor[0]), floors[i], 1e-12);
        }
    }

    @Test
    void guidanceRoundsByTheWeightsOfItsHalves() {
        Denoiser exact = mixture();
        Denoiser model = Rounded.to(Precision.BFLOAT16);
        Conditioning none = Conditioning.of(Condition.none());
        assertEquals(0, exact.rounding(none));
        assertEquals(1 / 256.0, model.rounding(none));
        for (double[] expected : new double[][] {{1, 1}, {0.5, 1}, {3, Math.sqrt(6.5)}, {-2, Math.sqrt(6.5)}}) {
            try (Guidance guided = Guidance.of(model, expected[0]); Inpainting painted = Inpainting.of(guided)) {
                assertEquals(expected[1] / 256, guided.rounding(none), 1e-12);
                assertEquals(guided.rounding(none), painted.rounding(none), "painting rounds no more");
            }
        }
    }
}

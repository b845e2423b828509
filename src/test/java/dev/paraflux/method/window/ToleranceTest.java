package dev.paraflux.method.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Euler;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A distance means the same of every method, however many rows there are; and what rows are held to, number by number. */
class ToleranceTest {
    private static final int DIM = 64;
    private static final double DISTANCE = 1e-2;
    /** Errors shrink on the way to a mixture's sample. */
    private static final double LEAST = DISTANCE / 500;

    private static Denoiser mixture() {
        Random random = new Random(5);
        return new GaussianMixtureDenoiser(new int[] {DIM}, IntStream.range(0, 6)
                .mapToObj(k -> new GaussianMixtureDenoiser.Component(1,
                        random.doubles(DIM).map(u -> random.nextGaussian()).toArray(), 0.4))
                .toList());
    }

    static Stream<Arguments> everything() {
        ParaTaa all = ParaTaa.defaults();
        List<Function<Tolerance, Method>> methods = List.of(Picard.defaults()::withTolerance,
                Picard.defaults().withUnrolling(Unrolling.DRIFT)::withTolerance,
                all.withWindow(100).withUnrolling(Unrolling.DRIFT)::withTolerance, all::withTolerance,
                all.withHistory(1)::withTolerance, all.withOrder(10)::withTolerance,
                near -> SparseParaTaa.of(all.withTolerance(near)));
        return Stream.of(new Ddim(), new Ddim(1), new Euler())
                .flatMap(solver -> methods.stream().map(method -> Arguments.of(solver, method)));
    }

    /** Of the means over a few runs: a run may end at once far below. */
    @ParameterizedTest
    @MethodSource("everything")
    void aDistanceMeansTheSameForAllNumbersOfRows(Solver solver, Function<Tolerance, Method> method) {
        for (int steps : new int[] {20, 100, 400}) {
            Method near = method.apply(Tolerance.values(DISTANCE));
            double distance = distance(near, solver, TestGrids.linear(steps));
            assertTrue(distance > LEAST && distance < DISTANCE, near + ", " + steps + " steps: " + distance);
        }
    }

    private static double distance(Method method, Solver solver, TimeGrid grid) {
        double sum = 0;
        try (Denoiser model = Guidance.of(mixture(), 3).owning()) {
            Runs runs = new Runs(model, grid, solver);
            for (int s = 0; s < 4; s++) {
                Request request = Request.seed(s).withLabel(s);
                sum += rootMeanSquare(runs.sequential(request), runs.run(method, request).values()) / 4;
            }
        }
        return sum;
    }

    private static double rootMeanSquare(float[] one, float[] other) {
        return Math
                .sqrt(IntStream.range(0, DIM).mapToDouble(e -> one[e] - (double) other[e]).map(d -> d * d).sum() / DIM);
    }

    /** Where states grow with the noise, distances are relative to them. */
    @Test
    void aDistanceMeansTheSameWhereVarianceExplodes() {
        for (int steps : new int[] {20, 200}) {
            TimeGrid grid = exploding(steps);
            for (Method method : List.of(ParaTaa.defaults().withTolerance(Tolerance.values(DISTANCE)),
                    Picard.defaults().withTolerance(Tolerance.values(DISTANCE)))) {
                double distance = distance(method, new Euler(), grid);
                assertTrue(distance > LEAST && distance < DISTANCE, method + ", " + steps + " steps: " + distance);
            }
        }
    }

    private static TimeGrid exploding(int steps) {
        return new TimeGrid(IntStream.rangeClosed(0, steps)
                .mapToObj(i -> new NoiseLevel(i, 1, i == steps ? 0 : 40 * Math.pow(1e-4, i / (double) steps)))
                .toList());
    }

    @Test
    void pixelsAreStepsOf255() {
        try (Denoiser model = mixture()) {
            Runs runs = new Runs(model, TestGrids.linear(50), new Ddim());
            ParaTaa method = ParaTaa.defaults();
            Sample inPixels = runs.run(method.withTolerance(Tolerance.pixels(1.275)), Request.seed(3));
            Sample inValues = runs.run(method.withTolerance(Tolerance.values(0.01)), Request.seed(3));
            assertArrayEquals(inValues.values(), inPixels.values());
            assertEquals(inValues.stats().rounds(), inPixels.stats().rounds());
        }
    }

    @Test
    void aDistanceIsMetByARowThatMovesByAThirdOfItAtMost() {
        TriangularSystem system = new Euler().system(exploding(4), Prediction.EPSILON);
        Acceptance values = Acceptance.of(Tolerance.values(0.1), system);
        for (int i = 1; i <= 4; i++) {
            double limit = 0.1 / 3 * Math.hypot(1, system.level(i).sigma());
            assertTrue(values.met(i, 1e9, 0, limit * (1 - 1e-12), 0));
            assertTrue(!values.met(i, 0, 1e9, limit * (1 + 1e-12), 0));
            assertTrue(values.met(i, 0, 0, 7, 7), "what the model rounds");
        }
        Acceptance pixels = Acceptance.of(Tolerance.pixels(3 * 127.5), system);
        assertTrue(pixels.met(4, 0, 0, 1, 0) && !pixels.met(4, 0, 0, 1.001, 0));
    }

    @Test
    void theRulesOfThePapersAreRelativeToTheNoiseScale() {
        TriangularSystem system = new Ddim().system(TestGrids.linear(10), Prediction.EPSILON);
        double scale = system.noiseScale(3);
        Acceptance residual = Acceptance.of(Tolerance.residual(1e-3, 0.1), system);
        assertTrue(residual.met(3, 0.0999 * scale, 0, 9, 0) && !residual.met(3, 0.1001 * scale, 0, 0, 9));
        assertTrue(residual.met(3, 8, 8, 9, 0), "what the model rounds");
        Acceptance absolute = Acceptance.of(Tolerance.residual(5, 0.1), system);
        assertTrue(absolute.met(3, 5, 0, 9, 0) && !absolute.met(3, 5.1, 0, 0, 0));
        Acceptance steps = Acceptance.of(Tolerance.steps(0.1), system);
        assertTrue(steps.met(3, 9, 0, 0.0999 * scale, 0) && !steps.met(3, 0, 9, 0.1001 * scale, 0));
    }

    @Test
    void zeroIsMetByWhatIsExactAlone() {
        TriangularSystem system = new Ddim().system(TestGrids.linear(10), Prediction.EPSILON);
        for (Tolerance zero : List.of(Tolerance.pixels(0), Tolerance.values(0), Tolerance.residual(0, 0),
                Tolerance.steps(0))) {
            Acceptance acceptance = Acceptance.of(zero, system);
            assertTrue(acceptance.met(3, 0, 9, 0, 9), zero.toString());
            assertTrue(!acceptance.met(3, Double.MIN_VALUE, 9, Double.MIN_VALUE, 9), zero.toString());
            assertTrue(!acceptance.met(3, Double.NaN, 9, Double.NaN, 9), zero.toString());
        }
    }
}

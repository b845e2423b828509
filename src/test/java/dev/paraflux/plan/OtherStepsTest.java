package dev.paraflux.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.iia.IiaFitter;
import dev.paraflux.model.Denoiser;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that a plan comes to instead of those that it is asked about, of models whose answer is known. */
class OtherStepsTest {
    private static final int DIM = 12;
    private static final int STEPS = 40;
    private static final double MEAN = 0.3;
    private static final double DEVIATION = 0.7;
    private static final TimeGrid GRID = TestGrids.angles(STEPS, 1.4);
    private static final Solver BETTER = new DpmSolverPlusPlus(2);

    private static List<OtherSteps> others(Denoiser model, Solver solver) {
        return OtherSteps.fewerThan(STEPS).stream()
                .map(count -> new OtherSteps("2m", model, OtherSteps.thinned(GRID, count), solver)).toList();
    }

    /** Root mean square of how far the samples of the plan's seeds end from the exact ones: those of a straight map. */
    private static double trueError(Denoiser model, TimeGrid grid, Solver solver) {
        NoiseLevel first = GRID.level(0);
        double spread = Math.sqrt(Math.pow(first.alpha() * DEVIATION, 2) + Math.pow(first.sigma(), 2));
        double sum = 0;
        for (int seed = 1; seed <= 2; seed++) {
            float[] noise = new float[DIM];
            new TorchRandom(seed).fillNormal(noise);
            float[] sample = draw(model, grid, solver, seed).values();
            for (int e = 0; e < DIM; e++) {
                double start = grid.startScale() * noise[e];
                double exact = MEAN + DEVIATION * (start - first.alpha() * MEAN) / spread;
                sum += Math.pow(sample[e] - exact, 2);
            }
        }
        return Math.sqrt(sum / (2 * DIM));
    }

    private static Sample draw(Denoiser model, TimeGrid grid, Solver solver, int seed) {
        try (Sampler sampler = Sampler.builder(model, grid).solver(solver).build()) {
            return sampler.sample(Request.seed(seed));
        }
    }

    private static Planner.Builder planner(Denoiser model) {
        // By rows, for times are no two runs' same.
        return Planner.builder(model, GRID).target(Target.ENERGY);
    }

    @Test
    void theFewestThatComeAsNearAreAdvised() {
        Denoiser model = TestDenoisers.gaussian(DIM, MEAN, DEVIATION, Prediction.EPSILON);
        SamplingPlan plan = planner(model).otherSteps(others(model, BETTER), false).build().plan();
        Advice advice = plan.advice().orElseThrow();
        double plain = trueError(model, GRID, new Ddim());
        double fine = trueError(model, GRID.refined(4), new Ddim());
        assertTrue(fine < 0.3 * plain, fine + " of " + plain);
        List<Integer> enough = new ArrayList<>();
        for (int count : OtherSteps.fewerThan(STEPS)) {
            // What the reference itself misses is all that the two ways to measure may differ by.
            if (trueError(model, OtherSteps.thinned(GRID, count), BETTER) + fine <= plain - fine) {
                enough.add(count);
            }
        }
        assertTrue(advice.problem().steps() <= enough.get(0), advice + " of " + enough);
        assertTrue(trueError(model, OtherSteps.thinned(GRID, advice.problem().steps()), BETTER) <= plain,
                "the exact samples say so too");
        assertEquals(plain, advice.plainError(), fine);
        assertEquals(advice.problem().steps(), advice.forecast().modelRows());
        assertFalse(plan.takesOthers());
        assertEquals("sequential", plan.chosen().candidate().name());
        assertTrue(plan.reason().contains(" " + advice.problem().steps() + " steps of 2m end as near to fine steps as"
                + " these 40 "), plan.reason());
        plan.requireMadeFor(model, GRID, new Ddim(), Device.cpu());
    }

    /** Where the model predicts no noise all steps end at the same point. */
    @Test
    void whereAnyStepsEndAtTheSamePointTheFewestDo() {
        Denoiser model = TestDenoisers.idle(DIM);
        Advice advice = planner(model).otherSteps(others(model, new Ddim()), true).build().plan().advice()
                .orElseThrow();
        assertEquals(OtherSteps.fewerThan(STEPS).get(0), advice.problem().steps());
        assertEquals(0, advice.error(), 1e-5);
        assertTrue(advice.taken());
    }

    @Test
    void fewerStepsOfTheSameSolverDoNotComeAsNear() {
        Denoiser model = TestDenoisers.gaussian(DIM, MEAN, DEVIATION, Prediction.EPSILON);
        SamplingPlan plan = planner(model).otherSteps(others(model, new Ddim()), true).build().plan();
        assertTrue(plan.advice().isEmpty(), plan.reason());
    }

    /** Corrections are fitted to fine steps: five corrected ones end nearer to them than forty plain ones. */
    @Test
    void correctedStepsAreOtherStepsToo() {
        Denoiser model = TestDenoisers.gaussian(DIM, MEAN, DEVIATION, Prediction.EPSILON);
        TimeGrid few = OtherSteps.thinned(GRID, 5);
        Solver corrected = IiaFitter.builder(model, few).samples(16).heldOut(8).fineSteps(32).fit().solver(new Ddim(),
                model);
        SamplingPlan plan = planner(model)
                .otherSteps(List.of(new OtherSteps("ddim", model, few, new Ddim()),
                        new OtherSteps("corrected ddim", model, few, corrected)), true)
                .build().plan();
        assertEquals("corrected ddim", plan.advice().orElseThrow().name());
        assertTrue(plan.takesOthers());
        try (Sampler sampler = plan.sampler(model, few, corrected, Device.cpu()).build()) {
            assertArrayEquals(draw(model, few, corrected, 3).values(), sampler.sample(Request.seed(3)).values());
        }
    }

    @Test
    void stepsThatAreTakenAreThoseOfItsSampler(@TempDir Path folder) throws IOException {
        Denoiser model = TestDenoisers.gaussian(DIM, MEAN, DEVIATION, Prediction.EPSILON);
        SamplingPlan made = planner(model).otherSteps(others(model, BETTER), true).build().plan();
        Path file = folder.resolve("plan.json");
        made.write(file);
        SamplingPlan plan = SamplingPlan.read(file);
        assertEquals(made, plan);
        assertTrue(plan.takesOthers());
        int steps = plan.advice().get().problem().steps();
        assertTrue(plan.reason().startsWith("2m takes the fewest model rows here: " + steps), plan.reason());
        TimeGrid grid = OtherSteps.thinned(GRID, steps);
        try (Sampler sampler = plan.sampler(model, grid, BETTER, Device.cpu()).build()) {
            assertArrayEquals(draw(model, grid, BETTER, 3).values(), sampler.sample(Request.seed(3)).values());
        }
        assertThrows(IllegalValueException.class, () -> plan.sampler(model, GRID, new Ddim(), Device.cpu()));
        plan.requireMadeFor(model, GRID, new Ddim(), Device.cpu());
        assertThrows(IllegalValueException.class, () -> plan.requireMadeFor(model, grid, BETTER, Device.cpu()));
    }

    @Test
    void whatIsFartherFromTheStepsThanTheLimitIsAdvisedOnly() {
        Denoiser model = TestDenoisers.gaussian(DIM, MEAN, DEVIATION, Prediction.EPSILON);
        SamplingPlan plan = planner(model).maxDistance(1e-7).otherSteps(others(model, BETTER), true).build().plan();
        assertTrue(plan.advice().orElseThrow().distance() > 1e-7);
        assertFalse(plan.takesOthers());
    }

    @Test
    void stepsThatDrawNoiseComeNearToNone() {
        Denoiser model = TestDenoisers.gaussian(DIM, MEAN, DEVIATION, Prediction.EPSILON);
        SamplingPlan noisy = planner(model).solver(new Ddim(1)).otherSteps(others(model, BETTER), true).build().plan();
        assertTrue(noisy.advice().isEmpty());
        SamplingPlan others = planner(model).otherSteps(others(model, new Ddim(1)), true).build().plan();
        assertTrue(others.advice().isEmpty());
    }

    @Test
    void fewerStepsAreParts() {
        assertEquals(List.of(5, 10, 13, 20, 25, 33, 50), OtherSteps.fewerThan(100));
        assertEquals(List.of(2, 3), OtherSteps.fewerThan(5));
        assertEquals(List.of(), OtherSteps.fewerThan(1));
    }

    @Test
    void aGridIsThinnedBetweenItsEnds() {
        TimeGrid thin = OtherSteps.thinned(GRID, 4);
        assertEquals(List.of(GRID.level(0), GRID.level(10), GRID.level(20), GRID.level(30), GRID.level(40)),
                thin.levels());
        assertThrows(IllegalValueException.class, () -> OtherSteps.thinned(GRID, 41));
        assertThrows(IllegalValueException.class, () -> OtherSteps.thinned(GRID, 0));
    }
}

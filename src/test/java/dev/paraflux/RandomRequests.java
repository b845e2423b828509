package dev.paraflux;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.SdeDpmSolverPlusPlus;
import dev.paraflux.solver.Solver;
import java.util.List;
import java.util.Random;

/** Requests that differ in all that may differ in a batch. From a small store, so that some of them share memory. */
public final class RandomRequests {
    /** Values in a row. */
    public static final int DIM = 12;

    private static final List<TimeGrid> GRIDS = List.of(TestGrids.linear(4), TestGrids.linear(9),
            TestGrids.linear(12).strength(0.5), TestGrids.linear(3), TestGrids.linear(16));
    private static final List<Solver> SOLVERS = List.of(new Ddim(0), new Ddim(1), new DpmSolverPlusPlus(2),
            new SdeDpmSolverPlusPlus());

    private final Random random;

    /** The same seed gives the same requests. */
    public RandomRequests(long seed) {
        random = new Random(seed);
    }

    /** Takes every request, where the inner model takes labels; a row's prediction does not depend on the others. */
    public static Denoiser model(Denoiser inner) {
        return Inpainting.of(Guidance.of(inner).owning()).owning();
    }

    /** One of each kind of method, with settings that bring each of its paths about. */
    public static List<Method> methods() {
        return List.of(new Sequential(), Srds.defaults(), Srds.defaults().withBlocks(3).withStop(StopRule.values(0.1)),
                Srds.defaults().withPipelined(false).withStop(StopRule.pixels(0.02)), Chords.ofCores(3),
                Chords.defaults().withStop(StopRule.values(0.05)), Picard.defaults(),
                Picard.defaults().withWindow(3).withTolerance(Tolerance.steps(1e-3)),
                ParaTaa.defaults(), ParaTaa.defaults().withWindow(4).withHistory(3).withOrder(2),
                ParaTaa.defaults().withFirstGuess(FirstGuess.coarse(2)), ParaTaa.defaults().withMaxRounds(2),
                SparseParaTaa.defaults().withDensity(2), SparseParaTaa.of(ParaTaa.defaults().withWindow(5)));
    }

    /** The next one. */
    public Request next() {
        Request request = Request.seed(random.nextInt(1000)).withGrid(any(GRIDS)).withSolver(any(SOLVERS))
                .withMethod(any(methods()));
        if (random.nextInt(3) > 0) {
            request = request.withLabel(random.nextInt(TestDenoisers.LABELS));
        }
        if (random.nextInt(3) == 0) {
            GuidanceOptions guidance = GuidanceOptions.weight(random.nextInt(5))
                    .withUnconditional(random.nextBoolean() ? Condition.none() : Condition.label(random.nextInt(5)));
            request = request.withGuidance(random.nextBoolean() ? guidance : guidance.withInterval(0.2, 2));
        }
        if (random.nextInt(4) == 0) {
            request = request.withMask(values(0.3f), mask());
        }
        if (random.nextInt(4) == 0) {
            request = request.withImage(values(0.5f));
        }
        return random.nextInt(4) == 0 ? request.withStart(values(1)) : request;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private float[] values(float scale) {
        float[] values = new float[DIM];
        for (int e = 0; e < DIM; e++) {
            values[e] = scale * (float) random.nextGaussian();
        }
        return values;
    }

    private float[] mask() {
        float[] mask = new float[DIM];
        for (int e = 0; e < DIM; e++) {
            mask[e] = random.nextInt(3) / 2f;
        }
        return mask;
    }
}

package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The power of the number of steps that the global error falls with, as theory has it for the whole run, its first and
 * last steps of lower order included. Such a step counts by its local error, one order above its own: a first step of first
 * order leaves the run at order 2.
 */
class MultistepOrderTest {
    private static final double SLACK = 0.2;
    private static final int FEWER = 160;
    private static final int MORE = 640;
    private static final double[] STARTS = {-1.7, -0.9, -0.2, 0.4, 1.1, 1.9};

    static List<Arguments> orders() {
        IntFunction<TimeGrid> uniform = MixtureTruth::uniform;
        IntFunction<TimeGrid> shrinking = SolverGrids::smooth;
        IntFunction<TimeGrid> flow = steps -> SolverGrids.flow(steps, 0.95, 0.1);
        IntFunction<TimeGrid> toHardlyAnyNoise = SolverGrids.lambdas(0, 6);
        return List.of(Arguments.of(1, new Euler(), uniform), Arguments.of(1, new Euler(), flow),
                Arguments.of(2, new Heun(), uniform), Arguments.of(2, new FlowHeun(), flow),
                Arguments.of(2, new Spndm(), uniform),
                Arguments.of(1, new Ipndm(1), uniform), Arguments.of(2, new Ipndm(2), uniform),
                // Adams and Bashforth's weights are for equal steps in r, and the first step is DDIM's.
                Arguments.of(2, new Ipndm(3), uniform), Arguments.of(2, new Ipndm(4), uniform),
                Arguments.of(1, new Deis(1), uniform), Arguments.of(2, new Deis(2), uniform),
                // The first step is DDIM's; where it is short the solver's own order is seen.
                Arguments.of(2, new Deis(3), uniform), Arguments.of(3, new Deis(3), shrinking),
                // The last step is DDIM's, uncorrected, ...
                Arguments.of(2, new UniPc(1), uniform), Arguments.of(2, new UniPc(2), uniform),
                Arguments.of(2, new UniPc(3), uniform), Arguments.of(2, new UniPc(2), flow),
                // ... which is not seen where hardly any noise is left; there the first step, UniPC-1, counts ...
                Arguments.of(3, new UniPc(2), toHardlyAnyNoise), Arguments.of(3, new UniPc(3), toHardlyAnyNoise),
                // ... and where that is short too, the p + 1 of the paper's proposition for UniPC-p.
                Arguments.of(3, new UniPc(2), shrinking), Arguments.of(4, new UniPc(3), shrinking));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void errorFallsAsTheorySays(int order, Solver solver, IntFunction<TimeGrid> grids) {
        double fewer = error(solver, grids.apply(FEWER));
        double more = error(solver, grids.apply(MORE));
        assertEquals(order, Math.log(fewer / more) / Math.log((double) MORE / FEWER), SLACK);
    }

    /** Root mean square error over some start values, on levels of any scaling. */
    private static double error(Solver solver, TimeGrid grid) {
        TriangularSystem system = solver.system(grid, Prediction.EPSILON);
        NoiseLevel last = grid.level(grid.steps());
        double scaling = Math.hypot(last.alpha(), last.sigma());
        double squares = 0;
        for (double start : STARTS) {
            double truth = MixtureTruth.truth(start, grid.level(0), Math.log(last.alpha() / last.sigma()));
            squares += Math.pow(new DoubleRun(system, start).last() - scaling * truth, 2);
        }
        return Math.sqrt(squares / STARTS.length);
    }
}

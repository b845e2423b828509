package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Ipndm;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many seeds are in memory at a time is a matter of memory alone. */
class BatchTest {
    private static final int SAMPLES = 7;
    private static final int HELD_OUT = 5;

    static List<Solver> solvers() {
        return List.of(new Ddim(), new Ipndm(3), new Heun());
    }

    private static IiaFitter.Builder fitter(Denoiser denoiser, Solver solver) {
        TimeGrid grid = TestGrids.angles(4, 1.4);
        return IiaFitter.builder(denoiser, grid).solver(solver).fineSteps(3).seed(50).samples(SAMPLES)
                .heldOut(HELD_OUT)
                .conditions(List.of(Condition.label(1), Condition.label(2), Condition.none()));
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void coefficientsDoNotDependOnTheBatchByABit(Solver solver) {
        try (Denoiser denoiser = TestMixtures.mixture(5, 3)) {
            IiaCoefficients one = fitter(denoiser, solver).batch(1).fit();
            assertTrue(one.keptSteps() > 0, one.toString());
            for (int batch : new int[] {2, 3, SAMPLES, 16, 1000}) {
                assertEquals(one, fitter(denoiser, solver).batch(batch).fit(), "batch " + batch);
            }
        }
    }

    /** The seeds of the last batch are fewer, and none is drawn twice. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16})
    void noMoreSeedsThanABatchAreEvaluatedAtATime(int batch) {
        TestDenoisers.Recording model = TestDenoisers.bent(5);
        fitter(model, new Ddim()).batch(batch).fit();
        int largest = Collections.max(model.batchSizes());
        assertEquals(Math.min(batch, SAMPLES), largest);
        Set<Integer> sizes = new TreeSet<>(model.batchSizes());
        Set<Integer> expected = new TreeSet<>();
        for (int seeds : new int[] {SAMPLES, HELD_OUT}) {
            expected.add(Math.min(batch, seeds));
            if (seeds % batch > 0) {
                expected.add(seeds % batch);
            }
        }
        assertEquals(expected, sizes);
        assertTrue(expected.containsAll(model.prepared()), "memory is made for no other number: " + model.prepared());
    }

    /** Of several batches, the rows before a step are drawn again for each step. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void batchesDrawTheRowsBeforeAStepAgain(int parts) {
        int steps = 4;
        TestDenoisers.Recording model = TestDenoisers.bent(5);
        fitter(model, new Ddim()).fineSteps(parts).batch(2).fit();
        int calibration = IntStream.rangeClosed(1, steps).map(step -> step - 1 + parts).sum();
        int heldOut = steps * parts + steps + steps * steps;
        assertEquals(SAMPLES * calibration + HELD_OUT * heldOut, model.levels().size());
    }

    /** Of one batch the rows stay: only the fine ones are new in each step, and of held-out seeds the rows after it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void oneBatchDrawsNoRowAgain(int parts) {
        int steps = 4;
        TestDenoisers.Recording model = TestDenoisers.bent(5);
        fitter(model, new Ddim()).fineSteps(parts).batch(100).fit();
        int heldOut = steps * parts + steps + steps * (steps + 1) / 2;
        assertEquals(SAMPLES * steps * parts + HELD_OUT * heldOut, model.levels().size());
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void conditionsAreTakenInTurn(Solver solver) {
        List<Condition> seen = Collections.synchronizedList(new ArrayList<>());
        TestDenoisers.Recording model = TestDenoisers.of(2, Prediction.EPSILON,
                (x, level, condition, e) -> {
                    seen.add(condition);
                    return 0.5 * level.sigma() * x;
                });
        fitter(model, solver).batch(100).fit();
        for (Condition condition : List.of(Condition.label(1), Condition.label(2), Condition.none())) {
            assertTrue(seen.contains(condition), condition.toString());
        }
        assertEquals(3, seen.stream().distinct().count());
    }
}

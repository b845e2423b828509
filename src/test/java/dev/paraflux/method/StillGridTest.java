package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.UniPc;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Levels that are all equal: there is no step, the model is asked nowhere, and the sample is the start row. */
class StillGridTest {
    private static final NoiseLevel LEVEL = new NoiseLevel(500, 0.8, 0.6);

    static Stream<Method> methods() {
        return Stream.of(new Sequential(), Picard.defaults(), ParaTaa.defaults(), SparseParaTaa.defaults(),
                Srds.defaults(), Srds.defaults().withPipelined(false), Srds.defaults().withBlocks(1),
                Srds.defaults().withMaxRefinements(0), Srds.defaults().withStop(StopRule.pixels(0)), Chords.defaults(),
                Chords.ofCores(1), Chords.defaults().withMaxRefinements(0));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void sampleIsTheStartRow(Method method) {
        float[] start = {0.25f, -1, 3};
        for (Solver solver : List.of(new Ddim(), new Heun(), new DpmSolverPlusPlus(3), new UniPc(2))) {
            for (int steps : new int[] {1, 2, 9}) {
                TestDenoisers.Recording model = TestDenoisers.bent(3);
                TimeGrid grid = new TimeGrid(Collections.nCopies(steps + 1, LEVEL));
                try (Sampler sampler = Sampler.builder(model, grid).solver(solver).method(method).build()) {
                    Sample sample = sampler.sample(Request.seed(1).withStart(start));
                    assertEquals(Status.COMPLETED, sample.status());
                    assertArrayEquals(start, sample.values(), 1e-6f, solver + ", " + steps + " steps");
                    assertEquals(sampler.system().rows(), sample.stats().finalRows());
                    assertEquals(0, sample.stats().rounds());
                    assertEquals(0, model.calls());
                }
            }
        }
    }
}

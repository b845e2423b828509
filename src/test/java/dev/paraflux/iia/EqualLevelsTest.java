package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neighbouring levels may be equal, as the last are where a scheduler keeps the noise of its first training step. */
class EqualLevelsTest {
    private static final int STEPS = 4;

    private static TimeGrid twice(int level) {
        TimeGrid grid = TestGrids.linear(STEPS);
        List<NoiseLevel> levels = new ArrayList<>(grid.levels());
        levels.add(level, levels.get(level));
        return new TimeGrid(levels, grid.path());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, STEPS - 1})
    void everyKindOfVectorIsFitted(int level) {
        TimeGrid grid = twice(level);
        for (Solver solver : List.of(new Ddim(), new Heun())) {
            for (CorrectionVectors vectors : CorrectionVectors.values()) {
                boolean stages = vectors == CorrectionVectors.SLOPES || vectors == CorrectionVectors.RESIDUES;
                if (stages && !(solver instanceof Heun)) {
                    continue;
                }
                try (Denoiser model = TestMixtures.mixture(5, 3)) {
                    IiaCoefficients fitted = IiaFitter.builder(model, grid).solver(solver).samples(4).heldOut(3)
                            .fineSteps(3).corrections(Correction.by(vectors)).fit();
                    assertEquals(STEPS + 1, fitted.steps().size());
                    assertTrue(fitted.ratio() <= 1);
                    assertEquals(grid.level(STEPS + 1), last(fitted.solver(solver, model), grid, model));
                }
            }
        }
    }

    private static NoiseLevel last(Solver solver, TimeGrid grid, Denoiser model) {
        TriangularSystem system = solver.system(grid, model.prediction());
        return system.level(system.rows());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, STEPS - 1})
    void fineGridsMayHaveThemToo(int level) {
        TimeGrid grid = twice(level);
        try (Denoiser model = TestMixtures.mixture(5, 3)) {
            IiaFitter.Builder fitter = IiaFitter.builder(model, grid).samples(4).heldOut(3);
            IiaCoefficients given = fitter.fineGrid(grid.refined(3)).fit();
            assertEquals(fitter.fineSteps(3).fit().plainError(), given.plainError());
        }
    }
}

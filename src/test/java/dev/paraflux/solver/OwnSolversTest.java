package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.iia.IiaFitter;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.CoarseStep;
import dev.paraflux.method.core.Srds;
import dev.paraflux.plan.Planner;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever writes a solver may get its table wrong: that is refused wherever a solver is taken, and never a wrong sample. */
class OwnSolversTest {
    private static final TimeGrid GRID = TestGrids.angles(9, 1.4);

    /** Mistakes, each with how its refusal ends. */
    enum Mistake implements Solver {
        /** The model predicts eps. */
        OTHER_PREDICTION(" VELOCITY: must be EPSILON, which the solver was asked for: what the model predicts") {
            @Override
            public TriangularSystem system(TimeGrid grid, Prediction prediction) {
                return new Ddim().system(grid, Prediction.VELOCITY);
            }
        },
        NO_SYSTEM(" null: must be a table for the steps of the grid") {
            @Override
            public TriangularSystem system(TimeGrid grid, Prediction prediction) {
                return null;
            }
        },
        OTHER_BEGIN(", where the grid begins") {
            @Override
            public TriangularSystem system(TimeGrid grid, Prediction prediction) {
                return new Ddim().system(TestGrids.angles(grid.steps(), 1.1), prediction);
            }
        };

        private final String end;

        Mistake(String end) {
            this.end = end;
        }
    }

    @ParameterizedTest
    @EnumSource
    void mistakesAreRefusedWhereverASolverIsTaken(Mistake mistake) {
        TestDenoisers.Recording model = TestDenoisers.bent(4);
        CoarseStep coarse = CoarseStep.by(mistake);
        try (Sampler sampler = Sampler.builder(model, GRID).build()) {
            List<Executable> uses = List.of(() -> Sampler.builder(model, GRID).solver(mistake).build(),
                    () -> sampler.sample(Request.seed(1).withSolver(mistake)),
                    () -> sampler.sampleAsync(Request.seed(1).withSolver(mistake)),
                    () -> sampler.warmUp(Request.seed(1).withSolver(mistake)),
                    () -> sampler.sample(Request.seed(1).withMethod(Srds.defaults().withCoarse(coarse))),
                    () -> sampler.sample(Request.seed(1).withMethod(Chords.defaults().withCoarse(coarse))),
                    () -> IiaFitter.builder(model, GRID).solver(mistake).fit(),
                    () -> IiaFitter.builder(model, GRID).fineSolver(mistake).fit(),
                    () -> Planner.builder(model, GRID).solver(mistake).build());
            for (Executable use : uses) {
                String message = assertThrows(IllegalArgumentException.class, use).getMessage();
                assertTrue(message.contains(Mistake.class.getName()) && message.endsWith(mistake.end), message);
            }
            assertEquals(0, model.calls(), "refused before the model is asked");
            assertEquals(Status.COMPLETED, sampler.sample(Request.seed(1)).status());
        }
    }

    @Test
    void aTableOfItsOwnIsTaken() {
        Solver same = (grid, prediction) -> new Ddim().system(grid, prediction);
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(4), GRID).solver(same).build()) {
            assertEquals(Status.COMPLETED, sampler.sample(Request.seed(1)).status());
        }
    }
}

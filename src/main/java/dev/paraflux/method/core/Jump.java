package dev.paraflux.method.core;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowProgram;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;

/**
 * One coarse step G, from a row to a later one: linear in the state and the model's output at the row.
 *
 * @param state      factor of the state
 * @param prediction factor of the model's output
 */
record Jump(double state, double prediction) {

    /**
     * The steps of a coarse solver from level to level.
     *
     * @throws IllegalArgumentException if the solver does not take one row a step, from the row before alone
     */
    static Jump[] between(List<NoiseLevel> levels, Solver coarse, Prediction prediction) {
        TriangularSystem system = coarse.checkedSystem(new TimeGrid(levels), prediction);
        int steps = levels.size() - 1;
        if (system.rows() != steps || system.stateReach() > 1 || system.predictionReach() > 1) {
            throw new IllegalValueException("coarse solver", coarse,
                    "one of one row a step, from the row before alone, as Ddim is");
        }
        Jump[] jumps = new Jump[steps];
        for (int k = 1; k <= steps; k++) {
            double[] factors = new double[2];
            system.rightSide(k, new TriangularSystem.Terms() {
                @Override
                public void state(double factor, int j) {
                    factors[0] += factor;
                }

                @Override
                public void prediction(double factor, int j) {
                    factors[1] += factor;
                }

                @Override
                public void noise(double factor, int i) {
                    // Left out: in (2) it would cancel.
                }
            });
            jumps[k - 1] = new Jump(factors[0], factors[1]);
        }
        return jumps;
    }

    /** Puts the step from a core's present row into a row, less what lies there already if so wanted. */
    void from(Core core, Buffer predictions, RowProgram rows, Buffer into, int row, boolean less) {
        rows.into(into, row)
                .plus(state, core.states(), core.stateRow())
                .plus(prediction, predictions, core.jumpPredictionRow());
        if (less) {
            rows.plus(-1, into, row);
        }
    }
}

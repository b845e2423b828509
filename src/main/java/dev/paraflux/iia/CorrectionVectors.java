package dev.paraflux.iia;

import dev.paraflux.solver.TriangularSystem.Builder;
import java.util.stream.IntStream;

/**
 * Which vectors correct a step (Zhang, Niwa, Kleijn, arXiv 2304.11328). All are there already when the step is taken,
 * so a corrected step takes no more evaluations. The corrected step is the solver's own plus these, each with a factor
 * that is fitted; factors of 0 are the solver itself.
 */
public enum CorrectionVectors {
    /**
     * x0_a - x0_b and eps_a - eps_b of the two latest evaluations a and b (equation 6, IIA-DDIM): for unguided models
     * and solvers of one evaluation a step. Steps before there are two evaluations are left as they are.
     */
    DIFFERENCES(0) {
        @Override
        int count(StepRows rows, int step, int history) {
            return rows.evaluatedBefore(step, 2).length == 2 ? 2 : 0;
        }

        @Override
        void add(Builder row, StepRows rows, int step, int vector, double factor) {
            int[] latest = rows.evaluatedBefore(step, 2);
            if (vector == 0) {
                row.x0(latest[0], factor).x0(latest[1], -factor);
            } else {
                row.epsilon(latest[0], factor).epsilon(latest[1], -factor);
            }
        }
    },
    /** eps of the latest evaluation (equation 8): the paper's choice for guided models. The last step stays as it is. */
    NOISE(0) {
        @Override
        int count(StepRows rows, int step, int history) {
            return step == rows.steps() ? 0 : rows.evaluatedBefore(step, 1).length;
        }

        @Override
        void add(Builder row, StepRows rows, int step, int vector, double factor) {
            row.epsilon(rows.evaluatedBefore(step, 1)[0], factor);
        }
    },
    /**
     * x0 and eps of the latest evaluation, and of {@code history} ones before it. Ours, not the paper's: with no
     * history it looks back on nothing else, so that it can be a coarse step of {@link dev.paraflux.method.core.Srds}.
     */
    EVALUATIONS(2) {
        @Override
        int count(StepRows rows, int step, int history) {
            return 2 * rows.evaluatedBefore(step, 1 + history).length;
        }

        @Override
        void add(Builder row, StepRows rows, int step, int vector, double factor) {
            int[] latest = rows.evaluatedBefore(step, 1 + vector / 2);
            int at = latest[latest.length - 1];
            if (vector % 2 == 0) {
                row.x0(at, factor);
            } else {
                row.epsilon(at, factor);
            }
        }
    },
    /**
     * The mean slope (eps + eps of the stage) / 2 of this step and of {@code history} steps before it (BIIA-EDM): for
     * {@link dev.paraflux.solver.Heun}. Steps without a stage are left as they are.
     */
    SLOPES(1) {
        @Override
        int count(StepRows rows, int step, int history) {
            return stages(rows, step, history);
        }

        @Override
        void add(Builder row, StepRows rows, int step, int vector, double factor) {
            row.epsilon(rows.row(step - 1 - vector), factor / 2).epsilon(rows.stage(step - vector), factor / 2);
        }
    },
    /**
     * x - D and D - D of the stage, with D = alpha x0, of this step and of {@code history} steps before it (IIA-EDM):
     * for {@link dev.paraflux.solver.Heun}, whose own step is one of these sums (lemma 1). Steps without a stage are
     * left as they are.
     */
    RESIDUES(1) {
        @Override
        int count(StepRows rows, int step, int history) {
            return 2 * stages(rows, step, history);
        }

        @Override
        void add(Builder row, StepRows rows, int step, int vector, double factor) {
            int at = step - vector / 2;
            int full = rows.row(at - 1);
            if (vector % 2 == 0) {
                row.epsilon(full, factor * rows.system().level(full).sigma());
            } else {
                double alpha = rows.system().level(full).alpha();
                row.x0(full, factor * alpha).x0(rows.stage(at), -factor * alpha);
            }
        }
    };

    private final int maxHistory;

    CorrectionVectors(int maxHistory) {
        this.maxHistory = maxHistory;
    }

    /** The most that {@link Correction#history} may be: further back, rows would have more terms than they can. */
    public int maxHistory() {
        return maxHistory;
    }

    /** How many vectors some step may have: none, or as many as are there at once, up to the history. */
    int[] counts(int history) {
        int atOnce = this == NOISE || this == SLOPES ? 1 : 2;
        return IntStream.rangeClosed(0, 1 + history).map(times -> times * atOnce).toArray();
    }

    /** How many vectors correct a step, 1 to N; 0 if it is left as it is. */
    abstract int count(StepRows rows, int step, int history);

    /** Adds a multiple of a step's vector, 0 to count - 1, to a row. */
    abstract void add(Builder row, StepRows rows, int step, int vector, double factor);

    /** How many steps without gap, this one first, have a stage. */
    private static int stages(StepRows rows, int step, int history) {
        int count = 0;
        while (count <= history && step - count >= 1 && rows.stage(step - count) >= 0) {
            count++;
        }
        return count;
    }
}

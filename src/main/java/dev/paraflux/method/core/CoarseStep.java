package dev.paraflux.method.core;

import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.Objects;

/**
 * The step G that SRDS and CHORDS take across many rows. Noise of its own is left out: in equation (2) it would cancel,
 * being the same in both G's. What stays of a stochastic step is its mean, which forgets the state it comes from as fast
 * as the fine steps do.
 */
public sealed interface CoarseStep {

    /** The solver whose steps are taken for a system. */
    Solver solver(TriangularSystem system);

    /** DDIM with the share of noise that the system's own rows take: none for deterministic solvers. */
    record Own() implements CoarseStep {
        @Override
        public Solver solver(TriangularSystem system) {
            for (int i = 1; i <= system.rows(); i++) {
                if (system.noise(i) != 0 && system.noiseScale(i) > 0) {
                    return new Ddim(Math.min(1, Math.abs(system.noise(i)) / system.noiseScale(i)));
                }
            }
            return new Ddim();
        }
    }

    /**
     * A solver of its own: a table of one row a step, from the row before alone.
     *
     * @param solver the solver
     */
    record By(Solver solver) implements CoarseStep {
        /** Checks that there is one. */
        public By {
            Objects.requireNonNull(solver, "solver");
        }

        @Override
        public Solver solver(TriangularSystem system) {
            return solver;
        }
    }

    /**
     * A solver that is made for the levels of the block boundaries and for no others, as one with corrected steps is.
     *
     * @param solver one row a step, from the row before alone, on {@link Srds#coarseGrid}
     */
    record AtBoundaries(Solver solver) implements CoarseStep {
        /** Checks that there is one. */
        public AtBoundaries {
            Objects.requireNonNull(solver, "solver");
        }

        @Override
        public Solver solver(TriangularSystem system) {
            return solver;
        }
    }

    /** One step of the kind that the system is made of. */
    static CoarseStep own() {
        return new Own();
    }

    /** The steps of a solver that is made for the boundaries of {@link Srds}' blocks. */
    static CoarseStep atBoundaries(Solver solver) {
        return new AtBoundaries(solver);
    }

    /** The steps of a solver. */
    static CoarseStep by(Solver solver) {
        return new By(solver);
    }
}

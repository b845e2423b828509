package dev.paraflux.solver;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.NoiseLevel;

/** The coordinate of a row that some solvers above the first order work in. */
final class Coordinates {
    private Coordinates() {}

    /**
     * {@link NoiseLevel#ratio}, where it is finite.
     *
     * @throws IllegalValueException naming the row, where alpha is 0
     */
    static double ratio(NoiseLevel level, int row) {
        if (level.alpha() == 0) {
            throw new IllegalValueException("alpha of row " + row + " (time " + level.time() + ")", level.alpha(),
                    "above 0 for this solver, which divides by it; zero terminal SNR needs a solver of first order,"
                            + " or DPM-Solver++, UniPC or DEIS");
        }
        return level.ratio();
    }
}

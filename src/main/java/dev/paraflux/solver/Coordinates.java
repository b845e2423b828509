package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;

/** The coordinates of a row that solvers above the first order work in. They are infinite where alpha is 0. */
final class Coordinates {
    private Coordinates() {}

    /**
     * r = sigma / alpha.
     *
     * @throws IllegalArgumentException naming the row, where it is infinite
     */
    static double ratio(NoiseLevel level, int row) {
        if (level.alpha() == 0) {
            throw new IllegalArgumentException("row " + row + " (time " + level.time()
                    + ") has alpha = 0 (zero terminal SNR), where sigma / alpha is infinite, legal: alphas above 0, or a"
                    + " solver of first order");
        }
        return level.sigma() / level.alpha();
    }

    /**
     * lambda = log(alpha / sigma); infinite in a last row without noise.
     *
     * @throws IllegalArgumentException naming the row, where alpha is 0
     */
    static double lambda(NoiseLevel level, int row) {
        return -Math.log(ratio(level, row));
    }
}

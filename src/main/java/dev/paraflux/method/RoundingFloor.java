package dev.paraflux.method;

import dev.paraflux.solver.TriangularSystem;

/**
 * Below which size a change tells nothing, since the model rounds: two predictions at nearly the same state differ by the
 * rounding of both, however near the states are. Tolerances of stop rules end there; a tolerance of 0 asks for the bits,
 * and does not.
 *
 * <p>Sizes are root mean squares, and taken to be about 1 of predictions and of samples, as they are of noise, of v, and of
 * data that a model is trained on.
 */
public final class RoundingFloor {
    /**
     * Of the difference of two predictions, to what one is rounded by: the square root of two, and as much again and some
     * more, since rows that are combined of several rounds carry the rounding of all of them.
     */
    private static final double OF_ROWS = 2.5;
    /** From so many rows on floors are larger. */
    private static final double MANY_ROWS = 100;
    /**
     * By this power of their number. With 1/2 all rows together, each as far off as its floor, would make the same of a
     * sample, however many they are, if neighbours were rounded apart, and with 1 if they were rounded alike.
     */
    private static final double GROWTH = 0.75;
    /**
     * Of two answers. Where float32 would settle, the digits network in bfloat16 goes on changing by 0.85 at guidance 1,
     * and by 0.8 at guidance 3.
     */
    private static final double OF_ANSWERS = 1.2;

    private RoundingFloor() {}

    /**
     * The floor of each row's first-order residual, where predictions are rounded by their whole size: |b_i| of equation
     * (1), to be multiplied with the {@linkplain Solve#restart share} that they are rounded by.
     *
     * @return by row; that of row 0 is 0
     */
    public static double[] ofRows(TriangularSystem system) {
        double[] floors = new double[system.rows() + 1];
        SquaredFactors factors = new SquaredFactors();
        double ofRows = OF_ROWS * Math.pow(Math.max(1, system.rows() / MANY_ROWS), GROWTH);
        for (int i = 1; i <= system.rows(); i++) {
            factors.sum = 0;
            system.rightSide(i, factors);
            floors[i] = ofRows * Math.sqrt(factors.sum);
        }
        return floors;
    }

    /**
     * The floor of the mean change between two answers of a sample: steps before the last ones find and correct what
     * rounding has done to those before them, so that what is left is that of one prediction of the sample.
     *
     * @param rounding share that predictions are rounded by
     */
    public static double ofAnswers(double rounding) {
        return OF_ANSWERS * rounding;
    }

    private static final class SquaredFactors implements TriangularSystem.Terms {
        private double sum;

        @Override
        public void state(double factor, int j) {}

        @Override
        public void prediction(double factor, int j) {
            sum += factor * factor;
        }

        @Override
        public void noise(double factor, int i) {}
    }
}

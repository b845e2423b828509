package dev.paraflux.iia;

/** Is told how fitting goes on. */
@FunctionalInterface
public interface IiaListener {
    /**
     * A step has been fitted and checked.
     *
     * @param correction the vectors that are being tried
     * @param step       1 to {@code steps}
     * @param steps      N
     * @param result     what was found
     */
    void onStep(Correction correction, int step, int steps, IiaCoefficients.Step result);
}

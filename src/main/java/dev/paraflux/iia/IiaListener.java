package dev.paraflux.iia;

/** Called after each step that was fitted. */
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

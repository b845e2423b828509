package dev.paraflux.iia;

/** A sample of a fit became infinite, or not a number. */
final class DivergedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    DivergedException(String message) {
        super("the calibration diverged: " + message);
    }
}

package dev.paraflux;

/** What a call failed with, for its caller. */
final class Thrown {
    private Thrown() {}

    /** Throws it as it is, whatever it is: callbacks may throw what no signature here names. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException asItIs(Throwable failure) throws E {
        throw (E) failure;
    }
}

package dev.paraflux;

/** How the sampling of one sample ended. Whether it has values is told by {@link Sample#hasValues()}. */
public enum Status {
    /**
     * Every row is final, and follows from the rows before it to the bit: the sample is that of sequential sampling (of a
     * warm start: sequential sampling from the rows that it gave).
     */
    COMPLETED("every row is final: the sample is exact"),

    /**
     * The method's tolerance was met before the sample was exact: the rows agree with each other, or the last refinement
     * changed the sample by less. {@link Stats#residual()} and {@link Stats#change()} say how near it came.
     */
    CONVERGED("the sample met the method's tolerance"),

    /** The method's limit of rounds, or of refinements, came before the sample was done; its values are what was reached. */
    ROUND_LIMIT(
            "the limit of rounds or refinements came before the sample was done: allow more, or a larger tolerance"),

    /** A listener took the sample as it was; see {@link Progress#accept}. */
    ACCEPTED("the sample was taken as it was, before the method was done"),

    /** The model predicted a value that is not finite, led to one, or wrote none; the message names the round and row. */
    NON_FINITE(
            "the model predicted a value that is not finite, led to one, or wrote none: check its weights, the schedule"
                    + " it was trained with and the guidance weight"),

    /**
     * The caller cancelled the run, or interrupted the thread that waits for it, which stays interrupted; or the sampler was
     * closed. The values, if there
     * are any, are what was reached.
     */
    CANCELLED("the run was cancelled"),

    /** The time limit of the call passed. The values, if there are any, are what was reached. */
    DEADLINE_PASSED("the time limit passed before the sample was done: allow more time, or use fewer steps");

    private final String advice;

    Status(String advice) {
        this.advice = advice;
    }

    /** What it means and what to do, in a sentence. */
    public String advice() {
        return advice;
    }

    /** Whether the sample is what was asked for: exact, or to the method's tolerance. */
    public boolean isSolved() {
        return this == COMPLETED || this == CONVERGED;
    }
}

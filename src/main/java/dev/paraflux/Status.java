package dev.paraflux;

/** How the sampling of one sample ended. */
public enum Status {
    /** Every row is final: the sample is the solution of the whole system, to the method's tolerance. */
    COMPLETED("every row is final"),

    /** The method's limit of rounds, or of refinements, came before the sample was done; its values are what was reached. */
    ROUND_LIMIT(
            "the limit of rounds or refinements came before the sample was done: allow more, or a larger tolerance"),

    /** A listener took the sample as it was; see {@link Progress#accept}. */
    ACCEPTED("the sample was taken as it was, before every row was final"),

    /** The model predicted a value that is not finite, or led to one; the sample's message names the round and row. */
    NON_FINITE("the model predicted a value that is not finite, or led to one: check its weights, the schedule it was"
            + " trained with and the guidance weight"),

    /** The caller cancelled the run. */
    CANCELLED("the run was cancelled"),

    /** The time limit of the run passed. */
    DEADLINE_PASSED("the time limit passed before the sample was done: allow more time, or use fewer steps");

    private final String advice;

    Status(String advice) {
        this.advice = advice;
    }

    /** What it means and what to do, in a sentence. */
    public String advice() {
        return advice;
    }

    /** Whether a sample with this status has values that can be used. */
    public boolean hasValues() {
        return this == COMPLETED || this == ROUND_LIMIT || this == ACCEPTED;
    }
}

package dev.paraflux;

/** How closely results are held to what they should be, in one place. A method or model gets no tolerance of its own. */
public final class Tolerances {
    /** Coefficients, computed in double in a few operations, against the paper's formula. */
    public static final double COEFFICIENT = 1e-12;

    /** Sums in double against sums in double of another order, relative. */
    public static final double DOUBLE_SUM = 1e-12;

    /**
     * A whole run in float32 rows against the same run in double, values of order 1: each of some hundred rows rounds
     * once, by 6e-8 of its value, and later rows shrink what came before.
     */
    public static final double FLOAT_RUN = 1e-6;

    /**
     * A method that solves the system to the end against forward substitution, largest difference, values of order 1.
     * What is not found by forward substitution itself may have taken another way through the roundings.
     */
    public static final double METHOD = 1e-4;

    /** A model's row in a batch against the same row alone, of the largest value, where a model does not promise bits. */
    public static final double BATCH = 1e-3;

    private Tolerances() {}
}

package dev.paraflux.plan;

/** What a plan makes small. */
public enum Target {
    /** The time that one sample takes alone. */
    LATENCY,
    /** The time a sample, of many that are drawn at once. */
    THROUGHPUT,
    /** The rows that the model evaluates for a sample. */
    ENERGY
}

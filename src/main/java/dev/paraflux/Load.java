package dev.paraflux;

import dev.paraflux.check.Require;

/**
 * What a sampler has to do now, and has done since it was made; see {@link Sampler#load()}.
 *
 * @param waiting      samples that wait for a place
 * @param underWay     samples that have one
 * @param rounds       rounds so far
 * @param modelCalls   calls of the model so far, also those that failed
 * @param evaluations  model evaluations that these were asked for
 * @param modelSeconds time that they took; of a model that works on another device than the host, until they were under way
 *                     there
 */
public record Load(int waiting, int underWay, long rounds, long modelCalls, long evaluations, double modelSeconds) {
    /** Checks the numbers. */
    public Load {
        Require.atLeast(0, "waiting", waiting);
        Require.atLeast(0, "underWay", underWay);
        Require.between(0, Long.MAX_VALUE, "rounds", rounds);
        Require.between(0, Long.MAX_VALUE, "modelCalls", modelCalls);
        Require.between(0, Long.MAX_VALUE, "evaluations", evaluations);
        Require.notNegative("modelSeconds", modelSeconds);
    }
}

package dev.paraflux.plan;

import dev.paraflux.check.Require;
import java.util.Locale;
import java.util.Objects;

/**
 * {@link OtherSteps} that end as near to where fine steps would as the steps that were asked about, and cost less. They draw
 * another sample: near to the one that both come near to, and no nearer to each other than that.
 *
 * @param name       of their solver
 * @param problem    what they are
 * @param forecast   what they take, one after another
 * @param error      how far their samples end from those of fine steps, root mean square of values in [-1, 1], over the samples
 *                   that the plan has drawn
 * @param plainError the same of the steps that were asked about, no less than {@code error}
 * @param distance   how far they end from the samples of the steps that were asked about
 * @param taken      whether the plan chooses them, as it does where it may
 */
public record Advice(String name, SamplingPlan.Problem problem, Forecast forecast, double error, double plainError,
        double distance, boolean taken) {
    /** Checks the numbers. */
    public Advice {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(problem, "problem");
        Require.that(forecast.isChoice(), "forecast", forecast, "one that can be chosen");
        Require.notNegative("error", error);
        Require.notNegative("plainError", plainError);
        Require.that(error <= plainError, "error", error, "no more than plainError, " + plainError);
        Require.notNegative("distance", distance);
    }

    /** For example {@code 20 steps of dpm++-2m}. */
    public String steps() {
        return problem.steps() + (problem.steps() == 1 ? " step of " : " steps of ") + name;
    }

    /** How near they end, in words. */
    String near(int plainSteps) {
        return String.format(Locale.ROOT,
                "as near to fine steps as these %d (%.2g root mean square from them instead of %.2g)",
                plainSteps,
                error, plainError);
    }
}

package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sampler;
import java.util.ArrayList;
import java.util.List;

/**
 * How near a run is to the sequential sample after each round.
 *
 * @param errors      root mean square over the values
 * @param evaluations so far
 */
record ErrorCurve(List<Double> errors, List<Integer> evaluations) {
    /** No error is so small, not even that of the exact sample. */
    private static final double NEVER = -1;

    /** Runs a request to its end. */
    static ErrorCurve of(Sampler sampler, Request request, float[] reference) {
        return of(sampler, request, reference, NEVER);
    }

    /** Runs a request to its end, or until it has stayed below a level for three rounds. */
    static ErrorCurve of(Sampler sampler, Request request, float[] reference, double enough) {
        ErrorCurve curve = new ErrorCurve(new ArrayList<>(), new ArrayList<>());
        float[] values = new float[reference.length];
        sampler.sample(List.of(request), RunOptions.defaults().withListener(progress -> {
            progress.preview(0, values);
            curve.errors.add(distance(values, reference));
            curve.evaluations.add(progress.evaluations());
            if (curve.roundsTo(enough) < curve.errors.size() - 1) {
                progress.accept(0);
            }
        }));
        return curve;
    }

    /** The first round from which on the error stays below a level; one more than there are if it does not. */
    int roundsTo(double level) {
        int round = errors.size();
        while (round > 0 && errors.get(round - 1) <= level) {
            round--;
        }
        return round + 1;
    }

    /** Evaluations until then. */
    int evaluationsTo(double level) {
        return evaluations.get(Math.min(roundsTo(level), evaluations.size()) - 1);
    }

    /** Evaluations of the whole run. */
    int allEvaluations() {
        return evaluations.get(evaluations.size() - 1);
    }

    /** The error of the sample. */
    double lastError() {
        return errors.get(errors.size() - 1);
    }

    private static double distance(float[] x, float[] y) {
        double squares = 0;
        for (int e = 0; e < x.length; e++) {
            squares += ((double) x[e] - y[e]) * ((double) x[e] - y[e]);
        }
        return Math.sqrt(squares / x.length);
    }
}

package dev.paraflux.iia;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Refuses coefficients that were fitted for something else. */
final class Mismatch {
    /**
     * As shares, how far numbers of a level may be apart: a level that was computed on another machine can differ in
     * its last bits, where powers and logarithms are not rounded alike.
     */
    private static final double SAME = 1e-9;

    private Mismatch() {}

    /** From the outermost wrapper inwards, as in {@link dev.paraflux.model.Denoiser#identity}. */
    static void requireModel(List<String> fitted, List<String> given) {
        if (fitted.equals(given)) {
            return;
        }
        int least = Math.min(fitted.size(), given.size());
        int inner = 0;
        while (inner < least && fitted.get(fitted.size() - 1 - inner).equals(given.get(given.size() - 1 - inner))) {
            inner++;
        }
        int outer = 0;
        while (outer < least - inner && fitted.get(outer).equals(given.get(outer))) {
            outer++;
        }
        String fittedPart = words(fitted.subList(outer, fitted.size() - inner));
        String givenPart = words(given.subList(outer, given.size() - inner));
        if (inner == 0) {
            throw other(fittedPart + ", not for " + givenPart);
        } else if (fittedPart.isEmpty()) {
            throw other("this model, but not " + givenPart);
        } else if (givenPart.isEmpty()) {
            throw other("this model, but " + fittedPart);
        }
        throw other("a model " + fittedPart + ", not " + givenPart);
    }

    /** In the order of a sentence: what is done to a model stands behind it. */
    private static String words(List<String> part) {
        List<String> words = new ArrayList<>(part);
        Collections.reverse(words);
        return String.join(" ", words);
    }

    static void requireSolver(String fitted, Object given) {
        if (!fitted.equals(given.toString())) {
            throw other("the solver " + fitted + ", not for " + given);
        }
    }

    static void requirePrediction(Prediction fitted, Prediction given) {
        if (fitted != given) {
            throw other("a model that predicts " + fitted + ", not " + given);
        }
    }

    /** A level of the grid, row 0 to N. */
    static void requireLevel(int row, NoiseLevel fitted, NoiseLevel given) {
        if (!same(fitted, given)) {
            throw other("a grid whose row " + row + " is at " + words(fitted) + ", not at " + words(given));
        }
    }

    static boolean same(NoiseLevel fitted, NoiseLevel given) {
        return same(fitted.time(), given.time()) && same(fitted.alpha(), given.alpha())
                && same(fitted.sigma(), given.sigma());
    }

    private static boolean same(double fitted, double given) {
        return Math.abs(fitted - given) <= SAME * Math.max(Math.abs(fitted), Math.abs(given));
    }

    private static String words(NoiseLevel level) {
        return "time " + level.time() + " (alpha " + level.alpha() + ", sigma " + level.sigma() + ")";
    }

    /** As many steps are needed even by those who force the coefficients. */
    static void requireSteps(int fitted, int given) {
        if (fitted != given) {
            throw new IllegalArgumentException("the coefficients were fitted for a grid of " + steps(fitted)
                    + ", not of " + given + ": fit them anew, or take " + steps(fitted));
        }
    }

    private static String steps(int count) {
        return count + (count == 1 ? " step" : " steps");
    }

    /** Of a corrected step, 1 to N: a vector for each factor, even for those who force the coefficients. */
    static void requireVectors(int step, int factors, int vectors, Object solver) {
        if (factors != vectors) {
            throw new IllegalArgumentException("the coefficients have " + factors + " factors for step " + step
                    + ", but solver " + solver + " has " + vectors + " vectors there: fit them anew");
        }
    }

    private static IllegalArgumentException other(String difference) {
        return new IllegalArgumentException(
                "the coefficients were fitted for " + difference + ": fit them anew, or force them");
    }
}

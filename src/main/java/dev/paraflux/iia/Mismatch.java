package dev.paraflux.iia;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.Description;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import java.util.List;
import java.util.stream.Collectors;

/** Refuses coefficients that were fitted for something else. */
final class Mismatch {
    /**
     * As shares, how far numbers of a level may be apart: a level that was computed on another machine can differ in
     * its last bits, where powers and logarithms are not rounded alike.
     */
    private static final double SAME = 1e-9;

    private Mismatch() {}

    /** Names the parts that differ, without those that are the same outside and inside of them. */
    static void requireModel(ModelIdentity fitted, ModelIdentity given) {
        List<Description> was = fitted.parts();
        List<Description> is = given.parts();
        if (was.equals(is)) {
            return;
        }
        int least = Math.min(was.size(), is.size());
        int inner = 0;
        while (inner < least && was.get(was.size() - 1 - inner).equals(is.get(is.size() - 1 - inner))) {
            inner++;
        }
        int outer = 0;
        while (outer < least - inner && was.get(outer).equals(is.get(outer))) {
            outer++;
        }
        boolean around = inner > 0;
        throw other("model", words(is.subList(outer, is.size() - inner), around),
                words(was.subList(outer, was.size() - inner), around));
    }

    private static Words words(List<Description> parts, boolean around) {
        String words = parts.stream().map(Description::toString).collect(Collectors.joining(" around "));
        return new Words(parts.isEmpty() ? "without more around it" : around ? "with " + words : words);
    }

    /** A value that is told without quotation marks. */
    private record Words(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    static void requireSolver(IiaCoefficients.Problem fitted, Solver given, SolverTable table) {
        int row = fitted.table().firstDifference(table);
        if (row > 0) {
            Description name = SolverDescription.of(given);
            throw other("solver", name,
                    name.equals(fitted.solver()) ? "one that has the same coefficients in row " + row
                            : fitted.solver() + ", or one of the same coefficients; row " + row + " differs");
        }
    }

    static void requirePrediction(Prediction fitted, Prediction given) {
        if (fitted != given) {
            throw other("prediction of the model", given, fitted);
        }
    }

    /** A level of the grid, row 0 to N. */
    static void requireLevel(int row, NoiseLevel fitted, NoiseLevel given) {
        if (!same(fitted, given)) {
            throw other("level " + row + " of the grid", words(given), words(fitted));
        }
    }

    static boolean same(NoiseLevel fitted, NoiseLevel given) {
        return same(fitted.time(), given.time()) && same(fitted.alpha(), given.alpha())
                && same(fitted.sigma(), given.sigma());
    }

    private static boolean same(double fitted, double given) {
        return Math.abs(fitted - given) <= SAME * Math.max(Math.abs(fitted), Math.abs(given));
    }

    private static Words words(NoiseLevel level) {
        return new Words("time " + level.time() + ", alpha " + level.alpha() + ", sigma " + level.sigma());
    }

    /** As many steps are needed even by those who force the coefficients. */
    static void requireSteps(int fitted, int given) {
        if (fitted != given) {
            throw new IllegalValueException("number of steps", given,
                    fitted + ", as when the coefficients were fitted; fit them again for another number");
        }
    }

    /** Of a corrected step, 1 to N: a vector for each factor, even for those who force the coefficients. */
    static void requireVectors(int step, int factors, int vectors, Solver solver) {
        if (factors != vectors) {
            throw new IllegalValueException("number of factors of step " + step, factors, vectors
                    + ", as solver " + SolverDescription.of(solver) + " has vectors there; fit them again");
        }
    }

    private static IllegalValueException other(String name, Object given, Object fitted) {
        return new IllegalValueException(name, given,
                fitted + ", as when the coefficients were fitted; fit them again, or force them");
    }
}

package dev.paraflux.solver;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/**
 * The one object that every method solves, equation (1):
 *
 * <pre>x_i = a_i x_p(i) + sum_j b_ij m_j + sum_j s_ij x_j + c_i z_i,      p(i) &lt; i,  j &lt; i,  i = 1..rows</pre>
 *
 * <p>Row 0 is the start noise, row {@link #rows()} is the sample. {@code m_j} is the model's own output at row j, whatever
 * it predicts; solvers write in terms of x0 and eps and the {@link Builder} translates. Immutable.
 */
public final class TriangularSystem {
    private final Prediction prediction;
    private final SystemRow[] rows;
    private final boolean[] evaluated;
    private final int[] noiseIndex;
    private final double startScale;
    private final int stateReach;
    private final int predictionReach;

    private TriangularSystem(Prediction prediction, List<SystemRow> list, double startScale) {
        this.prediction = prediction;
        this.startScale = startScale;
        rows = list.toArray(SystemRow[]::new);
        evaluated = new boolean[rows.length];
        noiseIndex = new int[rows.length + 1];
        int farState = 1;
        int farPrediction = 1;
        for (int i = 1; i < rows.length; i++) {
            farState = Math.max(farState, i - rows[i].parent());
            for (int j : rows[i].states()) {
                farState = Math.max(farState, i - j);
            }
            for (int j : rows[i].predictions()) {
                evaluated[j] = true;
                farPrediction = Math.max(farPrediction, i - j);
            }
            noiseIndex[i + 1] = noiseIndex[i] + (rows[i].drawn() ? 1 : 0);
        }
        stateReach = farState;
        predictionReach = farPrediction;
    }

    /** N, the index of the last row, which is the sample. */
    public int rows() {
        return rows.length - 1;
    }

    /** What the model's outputs mean. */
    public Prediction prediction() {
        return prediction;
    }

    /** What start noise is multiplied by to be row 0, where there is no image to begin from. */
    public double startScale() {
        return startScale;
    }

    /** The same system, begun with start noise of another scale, that of the grid it was made for: above 0, finite. */
    public TriangularSystem withStartScale(double scale) {
        return new TriangularSystem(prediction, List.of(rows), Require.positive("startScale", scale));
    }

    /** The noise level of a row, 0 to {@link #rows()}. */
    public NoiseLevel level(int row) {
        return rows[row].level();
    }

    /** p(i), the row that row i, 1 to {@link #rows()}, continues from. */
    public int parent(int row) {
        return rows[row].parent();
    }

    /** a_i, the factor of the parent's state in row i, 1 to {@link #rows()}. */
    public double parentFactor(int row) {
        return rows[row].parentFactor();
    }

    /** g_i, the standard deviation of DDPM's noise from row i's parent to row i: the scale of tolerances. */
    public double noiseScale(int row) {
        return rows[rows[row].parent()].level().noiseScaleTo(rows[row].level());
    }

    /** c_i, the factor of row i's noise; 0 if it takes none. */
    public double noise(int row) {
        return rows[row].noise();
    }

    /** Whether some later row needs the model's output at this row. */
    public boolean evaluated(int row) {
        return evaluated[row];
    }

    /** Whether noise is drawn for a row: where it takes some, and where a solver draws it all the same. */
    public boolean drawn(int row) {
        return rows[row].drawn();
    }

    /** For how many rows noise is drawn. */
    public int noiseRows() {
        return noiseIndex[rows.length];
    }

    /** For how many rows before this one noise is drawn: the place of its own noise in a list without gaps. */
    public int noiseIndex(int row) {
        return noiseIndex[row];
    }

    /** How many rows back a row's states, its parent's included, lie at most; 1 for one-step solvers. */
    public int stateReach() {
        return stateReach;
    }

    /** How many rows back a row's model outputs lie at most; 1 for one-step solvers. */
    public int predictionReach() {
        return predictionReach;
    }

    /**
     * Tells the right side of row i, 1 to {@link #rows()}, term by term: the parent's state first, then model outputs,
     * other states, noise, each in ascending order. Allocates nothing.
     */
    public void rightSide(int i, Terms terms) {
        SystemRow row = rows[i];
        terms.state(row.parentFactor(), row.parent());
        for (int k = 0; k < row.predictions().length; k++) {
            terms.prediction(row.predictionFactors()[k], row.predictions()[k]);
        }
        for (int k = 0; k < row.states().length; k++) {
            terms.state(row.stateFactors()[k], row.states()[k]);
        }
        if (row.noise() != 0) {
            terms.noise(row.noise(), i);
        }
    }

    /** Receives the terms of one row. */
    public interface Terms {
        /** {@code factor * x_j}. */
        void state(double factor, int j);

        /** {@code factor * m_j}. */
        void prediction(double factor, int j);

        /** {@code factor * z_i}. */
        void noise(double factor, int i);
    }

    /**
     * Writes a system row by row, in the solver's own words. Each call of {@link #row} begins the next row; the calls
     * after it add terms to that row, and terms of the same kind and row add up. What refers to a row that is not there yet
     * is refused with an IllegalArgumentException, and so are, by the next {@link #row} or {@link #build}, coefficients that
     * are not finite, and too many; terms before the first row, and calls after {@link #build}, with an
     * IllegalStateException.
     */
    public static final class Builder {
        private final Prediction prediction;
        private final List<SystemRow> rows = new ArrayList<>();
        private final TreeMap<Integer, Double> states = new TreeMap<>();
        private final TreeMap<Integer, Double> predictions = new TreeMap<>();
        private NoiseLevel level;
        private int parent;
        private double noise;
        private boolean drawn;
        private boolean built;

        /**
         * @param first      the level of row 0
         * @param prediction what the model's output means
         */
        public Builder(NoiseLevel first, Prediction prediction) {
            this.prediction = Objects.requireNonNull(prediction, "prediction");
            rows.add(SystemRow.first(Objects.requireNonNull(first, "first")));
        }

        /** Begins the next row, at a level, continuing from an earlier row. */
        public Builder row(NoiseLevel rowLevel, int rowParent) {
            Objects.requireNonNull(rowLevel, "rowLevel");
            requireUnbuilt();
            finishRow();
            parent = requireEarlier(rowParent);
            level = rowLevel;
            return this;
        }

        /** Adds {@code factor * x_j}, j being an earlier row. */
        public Builder state(int j, double factor) {
            requireRow();
            states.merge(requireEarlier(j), factor, Double::sum);
            return this;
        }

        /** Adds {@code factor * m_j}, the model's own output. */
        public Builder prediction(int j, double factor) {
            requireRow();
            predictions.merge(requireEarlier(j), factor, Double::sum);
            return this;
        }

        /** Adds {@code factor} times the x0 predicted at row j; refused where nothing tells it: eps where alpha is 0. */
        public Builder x0(int j, double factor) {
            NoiseLevel at = rows.get(requireEarlier(j)).level();
            return state(j, factor * prediction.x0OfState(at)).prediction(j, factor * prediction.x0OfOutput(at));
        }

        /** Adds {@code factor} times the eps predicted at row j; refused where nothing tells it: x0 where sigma is 0. */
        public Builder epsilon(int j, double factor) {
            NoiseLevel at = rows.get(requireEarlier(j)).level();
            return state(j, factor * prediction.epsilonOfState(at))
                    .prediction(j, factor * prediction.epsilonOfOutput(at));
        }

        /** Adds {@code factor} times the velocity predicted at row j: {@link Prediction#VELOCITY}. */
        public Builder velocity(int j, double factor) {
            NoiseLevel at = rows.get(requireEarlier(j)).level();
            Prediction v = Prediction.VELOCITY;
            return epsilon(j, factor * v.outputOfEpsilon(at)).x0(j, factor * v.outputOfX0(at));
        }

        /** Adds {@code factor} times the row's own noise. */
        public Builder noise(double factor) {
            requireRow();
            noise += factor;
            return this;
        }

        /** Has noise drawn for the row though it may take none, so that the noise of later rows is that of another's stream. */
        public Builder drawn() {
            requireRow();
            drawn = true;
            return this;
        }

        /**
         * Adds the right side of a row of another system, its rows being at other places here. Noise is the row's own.
         *
         * @param place where each of that system's rows is in this one
         */
        public Builder rightSide(TriangularSystem system, int row, IntUnaryOperator place) {
            system.rightSide(row, new PlacedTerms(this, place));
            return this;
        }

        /** The finished system, of one row or more after row 0. The builder is not used again. */
        public TriangularSystem build() {
            requireUnbuilt();
            finishRow();
            if (rows.size() < 2) {
                throw new IllegalStateException("a system without rows: begin one with row(level, parent)");
            }
            built = true;
            return new TriangularSystem(prediction, rows, rows.get(0).level().startScale());
        }

        private void requireUnbuilt() {
            if (built) {
                throw new IllegalStateException("the system is built: make another builder for another one");
            }
        }

        private void requireRow() {
            requireUnbuilt();
            if (level == null) {
                throw new IllegalStateException("a term without a row: begin one with row(level, parent) before it");
            }
        }

        private int requireEarlier(int j) {
            if (j < 0 || j >= rows.size()) {
                throw new IllegalValueException("row that row " + rows.size() + " refers to", j,
                        "0 to " + (rows.size() - 1));
            }
            return j;
        }

        private void finishRow() {
            if (level == null) {
                return;
            }
            SystemRow row = SystemRow.of(level, parent, states, predictions, noise, drawn);
            row.requireLegal(rows.size());
            rows.add(row);
            states.clear();
            predictions.clear();
            noise = 0;
            drawn = false;
            level = null;
        }
    }
}

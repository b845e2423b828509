package dev.paraflux.method.core;

import dev.paraflux.TestDenoisers;
import dev.paraflux.model.Condition;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;

/**
 * The oracle of SRDS and CHORDS: Parareal as a table of boundaries and refinements, and CHORDS as its rounds go by, in
 * plain double arithmetic on Java arrays. Nothing is reused, waited for or rounded.
 */
final class PararealOracle {
    private final TriangularSystem system;
    private final int steps;
    private final TestDenoisers.Element model;
    private final Condition condition;
    private final float[] start;
    private final float[] rowNoise;

    /**
     * Of a system whose steps all have the same number of rows.
     *
     * @param rowNoise z_1 .. z_N one after the other, or null if the system takes no noise
     */
    PararealOracle(TriangularSystem system, int steps, TestDenoisers.Element model, Condition condition, float[] start,
            float[] rowNoise) {
        this.system = system;
        this.steps = steps;
        this.model = model;
        this.condition = condition;
        this.start = start;
        this.rowNoise = rowNoise;
    }

    /** X_M^0 .. X_M^M. */
    List<double[]> parareal(int blocks) {
        int[] boundary = boundaries(blocks);
        Walk[][] table = new Walk[blocks + 1][blocks + 1];
        table[0][0] = first();
        for (int k = 1; k <= blocks; k++) {
            table[k][0] = new Walk(boundary[k], table[k - 1][0].coarse(boundary[k - 1], boundary[k]));
        }
        for (int p = 1; p <= blocks; p++) {
            for (int k = p; k <= blocks; k++) {
                Walk before = table[k - 1][p - 1];
                Walk fine = before.copy();
                fine.walkTo(boundary[k]);
                if (k > p) {
                    double[] with = table[k - 1][p].coarse(boundary[k - 1], boundary[k]);
                    double[] without = before.coarse(boundary[k - 1], boundary[k]);
                    fine.correct(boundary[k], with, without);
                }
                table[k][p] = fine;
            }
        }
        List<double[]> answers = new ArrayList<>();
        for (int p = 0; p <= blocks; p++) {
            answers.add(table[blocks][p].states[system.rows()]);
        }
        return answers;
    }

    /** The steps that blocks take: as many as fit in each, one for each block after it at least. */
    static int[] lengths(int steps, int blocks) {
        int[] lengths = new int[blocks];
        int left = steps;
        for (int k = 1; k <= blocks; k++) {
            lengths[k - 1] = Math.min((steps + blocks - 1) / blocks, left - (blocks - k));
            left -= lengths[k - 1];
        }
        return lengths;
    }

    private int[] boundaries(int blocks) {
        int[] lengths = lengths(steps, blocks);
        int[] boundaries = new int[blocks + 1];
        int step = 0;
        for (int k = 0; k <= blocks; k++) {
            boundaries[k] = rowOfStep(step);
            step += k < blocks ? lengths[k] : 0;
        }
        return boundaries;
    }

    /** A step begins where the model is first asked. */
    private int rowOfStep(int step) {
        return step == steps ? system.rows() : system.rows() / steps * step + (system.evaluated(0) ? 0 : 1);
    }

    /** What the cores of CHORDS answer, the last core's answer first. */
    List<ChordsAnswer> chords(int... starts) {
        int cores = starts.length;
        Walk[] walks = new Walk[cores];
        int[] row = new int[cores];
        int[] lastStart = starts.clone();
        double[][] without = new double[cores][];
        ChordsAnswer[] answers = new ChordsAnswer[cores];
        walks[0] = first();
        row[0] = rowOfStep(0);
        int launched = 1;
        for (int round = 1; answers[0] == null; round++) {
            double[][] with = new double[cores][];
            // All of them are evaluated where they stand; a core that starts in this round is evaluated in the next.
            for (int k = 0; k < launched; k++) {
                int gap = k == 0 ? steps : starts[k] - starts[k - 1];
                if (row[k] == rowOfStep(lastStart[k]) && k > 0 && lastStart[k] + gap <= steps) {
                    without[k] = walks[k].coarse(row[k], rowOfStep(lastStart[k] + gap));
                }
                int next = k + 1;
                if (next < launched && row[k] == rowOfStep(lastStart[next])) {
                    int nextGap = starts[next] - starts[k];
                    if (lastStart[next] + nextGap <= steps) {
                        with[next] = walks[k].coarse(row[k], rowOfStep(lastStart[next] + nextGap));
                    }
                }
            }
            int present = launched;
            if (launched < cores) {
                int at = rowOfStep(starts[launched]);
                walks[launched] = new Walk(at, walks[launched - 1].coarse(row[launched - 1], at));
                row[launched] = at;
                launched++;
            }
            for (int k = 0; k < present; k++) {
                if (row[k] == system.rows()) {
                    continue;
                }
                row[k] = walks[k].walkOn(row[k]);
                if (with[k] != null) {
                    lastStart[k] += starts[k] - starts[k - 1];
                    if (row[k] != rowOfStep(lastStart[k])) {
                        throw new AssertionError("core " + k + " is at row " + row[k] + " when it is to be corrected");
                    }
                    walks[k].correct(row[k], with[k], without[k]);
                }
                if (row[k] == system.rows()) {
                    answers[k] = new ChordsAnswer(round, walks[k].states[system.rows()]);
                }
            }
        }
        List<ChordsAnswer> inTurn = new ArrayList<>();
        for (int k = cores - 1; k >= 0; k--) {
            inTurn.add(answers[k]);
        }
        return inTurn;
    }

    /** What a core answered after a round. */
    record ChordsAnswer(int round, double[] values) {}

    private Walk first() {
        double[] state = new double[start.length];
        for (int e = 0; e < state.length; e++) {
            state[e] = start[e];
        }
        Walk walk = new Walk(0, state);
        walk.walkTo(rowOfStep(0));
        return walk;
    }

    /** Mean absolute difference of values, cut off at a limit either way. */
    static double change(double[] before, double[] after, double limit) {
        double sum = 0;
        for (int e = 0; e < before.length; e++) {
            sum += Math.abs(cut(after[e], limit) - cut(before[e], limit));
        }
        return sum / before.length;
    }

    private static double cut(double value, double limit) {
        return Math.max(-limit, Math.min(limit, value));
    }

    /** The rows of one chain; those before its first one are what that one predicts. */
    private final class Walk {
        final int first;
        final double[][] states = new double[system.rows() + 1][];
        final double[][] outputs = new double[system.rows() + 1][];

        Walk(int first, double[] state) {
            this.first = first;
            states[first] = state;
        }

        Walk copy() {
            Walk copy = new Walk(first, states[first]);
            System.arraycopy(states, 0, copy.states, 0, states.length);
            System.arraycopy(outputs, 0, copy.outputs, 0, outputs.length);
            return copy;
        }

        void correct(int row, double[] with, double[] without) {
            double[] corrected = states[row].clone();
            for (int e = 0; e < corrected.length; e++) {
                corrected[e] += with[e] - without[e];
            }
            states[row] = corrected;
        }

        /** Walks to the next row at which the model is asked, or the last one. */
        int walkOn(int from) {
            int to = from + 1;
            while (to < system.rows() && !system.evaluated(to)) {
                to++;
            }
            walkTo(to);
            return to;
        }

        void walkTo(int row) {
            for (int i = first + 1; i <= row; i++) {
                if (states[i] == null) {
                    states[i] = rightSide(i);
                }
            }
        }

        private double[] rightSide(int i) {
            double[] sum = new double[start.length];
            system.rightSide(i, new TriangularSystem.Terms() {
                @Override
                public void state(double factor, int j) {
                    add(factor, stateAt(j));
                }

                @Override
                public void prediction(double factor, int j) {
                    add(factor, outputAt(j));
                }

                @Override
                public void noise(double factor, int row) {
                    for (int e = 0; e < sum.length; e++) {
                        sum[e] += factor * rowNoise[(row - 1) * sum.length + e];
                    }
                }

                private void add(double factor, double[] values) {
                    for (int e = 0; e < sum.length; e++) {
                        sum[e] += factor * values[e];
                    }
                }
            });
            return sum;
        }

        private double[] stateAt(int j) {
            return j >= first ? states[j] : predicted(first, system.level(j).alpha(), system.level(j).sigma());
        }

        private double[] outputAt(int j) {
            if (j < first) {
                Prediction prediction = system.prediction();
                return predicted(first, prediction.outputOfX0(system.level(j)),
                        prediction.outputOfEpsilon(system.level(j)));
            }
            if (outputs[j] == null) {
                outputs[j] = new double[start.length];
                for (int e = 0; e < start.length; e++) {
                    outputs[j][e] = model.predict(states[j][e], system.level(j), condition, e);
                }
            }
            return outputs[j];
        }

        /** G: a step of DDIM. */
        double[] coarse(int from, int to) {
            return predicted(from, system.level(to).alpha(), system.level(to).sigma());
        }

        /** Multiples of the x0 and the eps that a row predicts. */
        private double[] predicted(int row, double ofX0, double ofEpsilon) {
            NoiseLevel at = system.level(row);
            Prediction prediction = system.prediction();
            double[] sum = new double[start.length];
            for (int e = 0; e < sum.length; e++) {
                double state = states[row][e];
                double output = outputAt(row)[e];
                double x0 = prediction.x0OfState(at) * state + prediction.x0OfOutput(at) * output;
                double epsilon = prediction.epsilonOfState(at) * state + prediction.epsilonOfOutput(at) * output;
                sum[e] = ofX0 * x0 + ofEpsilon * epsilon;
            }
            return sum;
        }
    }
}

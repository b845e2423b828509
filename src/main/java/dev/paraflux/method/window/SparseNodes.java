package dev.paraflux.method.window;

import dev.paraflux.device.Estimates;
import dev.paraflux.device.RowProgram;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;

/** The nodes of {@link SparseParaTaa}, and of which rows what is known between them. */
final class SparseNodes implements Nodes, TriangularSystem.Terms {
    private final WindowMemory memory;
    private final WindowRows places;
    private final TriangularSystem system;
    private final NodeChoice choice;
    /** x0 = ofState x + ofOutput m, by row. */
    private final double[] ofState;
    private final double[] ofOutput;
    /** By row, where its estimate is in the table. */
    private final int[] estimateAt;
    private final double[] sizes;
    private final double[] errors;
    /** Whether what a row is taken to predict came to be not finite: nothing is known of it, as in the beginning. */
    private final boolean[] lost;
    private int fixed;
    private int end;
    private int oldEnd;
    /** The last row that is known to predict something. */
    private int lastKnown;
    private boolean settled;

    SparseNodes(WindowMemory memory, WindowRows places) {
        this.memory = memory;
        this.places = places;
        system = memory.problem.system();
        choice = new NodeChoice(memory.rule.sparse(), system);
        int rows = system.rows();
        ofState = new double[rows];
        ofOutput = new double[rows];
        Prediction prediction = system.prediction();
        for (int i = 0; i < rows; i++) {
            if (system.evaluated(i)) {
                NoiseLevel level = system.level(i);
                ofState[i] = prediction.x0OfState(level);
                ofOutput[i] = prediction.x0OfOutput(level);
            }
        }
        estimateAt = new int[rows];
        sizes = new double[rows];
        errors = new double[rows];
        lost = new boolean[rows];
    }

    @Override
    public void begin(int firstUnevaluated, int lastFinal, int last) {
        fixed = lastFinal;
        end = last;
        choice.begin(firstUnevaluated, lastFinal, last);
    }

    @Override
    public boolean contains(int i) {
        return choice.contains(i);
    }

    @Override
    public boolean settles(int i) {
        settled = true;
        system.rightSide(i, this);
        return settled;
    }

    @Override
    public void prediction(double factor, int j) {
        settled &= j <= fixed || choice.contains(j);
    }

    @Override
    public void state(double factor, int j) {}

    @Override
    public void noise(double factor, int i) {}

    @Override
    public void estimate(Estimates estimates) {
        for (int q = 0; q < choice.size(); q++) {
            int j = choice.node(q);
            for (int i = q == 0 ? j : choice.node(q - 1) + 1; i < j; i++) {
                if (system.evaluated(i)) {
                    int place = places.place(i);
                    estimateAt[i] = estimates.between(memory.states, place, memory.x0s, place);
                    estimates.linear(-ofState[i] / ofOutput[i], 1 / ofOutput[i]);
                    tell(estimates, i, choice.share(i, q));
                }
            }
            int place = places.place(j);
            estimateAt[j] = estimates.node(memory.states, place, memory.predictions, place, memory.x0s, place);
            estimates.linear(ofState[j], ofOutput[j]);
            tell(estimates, j, q == 0 || q == choice.size() - 1 ? 0 : choice.shareOfNode(q));
        }
    }

    private void tell(Estimates estimates, int i, double share) {
        estimates.share(share);
        if (!choice.isFirst() && !lost[i]) {
            estimates.known(memory.x0s, places.place(i));
        }
    }

    @Override
    public int estimateOf(int i) {
        return i < choice.node(0) ? NONE : estimateAt[i];
    }

    @Override
    public void judge(Estimates estimates, Verdict verdict) {
        int count = choice.size();
        for (int q = 0; q < count; q++) {
            sizes[q] = Math.sqrt(estimates.meanSquareChange(estimateAt[choice.node(q)]));
            errors[q] = Math.sqrt(estimates.meanSquareError(estimateAt[choice.node(q)]));
        }
        choice.learn(sizes, errors);
        for (int i = fixed + 1; i <= end; i++) {
            choice.moves(i, verdict.distance(i));
        }
        Arrays.fill(lost, false);
        for (int q = 0; q < count; q++) {
            if (!Double.isFinite(sizes[q])) {
                Arrays.fill(lost, q == 0 ? choice.node(q) : choice.node(q - 1) + 1,
                        q == count - 1 ? choice.node(q) + 1 : choice.node(q + 1), true);
            }
        }
        lastKnown = choice.node(count - 1);
    }

    @Override
    public void choose(int firstUnevaluated, int lastFinal, int last) {
        choice.choose(firstUnevaluated, lastFinal, last);
        fixed = lastFinal;
        oldEnd = end;
        end = last;
    }

    @Override
    public void enter(RowProgram rows) {
        // Rows that enter are taken to predict what the last one before them does, as long as that is there.
        for (int i = Math.max(oldEnd, choice.node(0)); i < end; i++) {
            if (system.evaluated(i)) {
                // Beyond a long stretch of rows that need no evaluation, a row may come to lie where the last one lies.
                if (places.place(i) != places.place(lastKnown)) {
                    rows.copy(memory.x0s, places.place(lastKnown), memory.x0s, places.place(i));
                }
                lost[i] = lost[lastKnown];
            }
        }
    }
}

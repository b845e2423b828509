package dev.paraflux.method.window;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowProgram;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;

/**
 * The nodes of {@link SparseParaTaa}, and what is known between them. It takes no memory of its own:
 *
 * <ul>
 * <li>A row's prediction holds, while the rows rest, what the model says there, or what H_i would have it say of the present
 * state, so that every solver's table is read as it is, and final rows to the bit. While the rows move it holds H_i.
 * <li>The residuals that this round is about to write hold, until then, the H_j and then the d_j of the nodes.
 * </ul>
 */
final class SparseNodes implements Nodes, TriangularSystem.Terms {
    private final WindowMemory memory;
    private final WindowRows places;
    private final TriangularSystem system;
    private final int sample;
    private final NodeChoice choice;
    /** x0 = ofState x + ofOutput m, by row. */
    private final double[] ofState;
    private final double[] ofOutput;
    /** Where the sums of a node are in the program. */
    private final int[] sizeAt;
    private final int[] errorAt;
    private final double[] sizes;
    private final double[] errors;
    /** Whether what a row is taken to predict came to be not finite in this round. */
    private final boolean[] lost;
    private int fixed;
    private int end;
    private int oldEnd;
    /** The last row that is known to predict something. */
    private int lastKnown;
    private boolean settled;

    SparseNodes(WindowMemory memory, WindowRows places, int sample) {
        this.memory = memory;
        this.places = places;
        this.sample = sample;
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
        sizeAt = new int[rows];
        errorAt = new int[rows];
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
    public void compute(RowProgram rows, int round) {
        for (int q = 0; q < choice.size(); q++) {
            int j = choice.node(q);
            sizeAt[q] = rows.rows();
            addX0(rows.into(memory.residuals, slot(q, round)), j);
            if (!choice.isFirst()) {
                rows.plus(-1, memory.residuals, slot(q, round));
            }
            rows.squares();
            if (q > 1) {
                measureError(rows, q - 1, round);
            }
            for (int i = q == 0 ? j : choice.node(q - 1) + 1; i < j; i++) {
                if (system.evaluated(i)) {
                    interpolate(rows, i, q, round);
                }
            }
        }
    }

    /** Where H_j, and then d_j, of a node lie among the residuals: there are no more nodes than rows under way. */
    private int slot(int q, int round) {
        return places.iterate(fixed + 1 + q, round, 0);
    }

    /** Adds the x0 that row i's present state and prediction tell. */
    private void addX0(RowProgram rows, int i) {
        if (ofState[i] != 0) {
            rows.plus(ofState[i], memory.states, places.place(i));
        }
        if (ofOutput[i] != 0) {
            rows.plus(ofOutput[i], memory.predictions, places.place(i));
        }
    }

    private void measureError(RowProgram rows, int q, int round) {
        double share = choice.shareOfNode(q);
        errorAt[q] = rows.rows();
        rows.row().plus(1, memory.residuals, slot(q, round))
                .plus(share - 1, memory.residuals, slot(q - 1, round))
                .plus(-share, memory.residuals, slot(q + 1, round)).squares();
    }

    /** Turns H_i, with what d says of it between the nodes q - 1 and q, into what the model would have said. */
    private void interpolate(RowProgram rows, int i, int q, int round) {
        double share = choice.share(i, q);
        int place = places.place(i);
        rows.into(memory.predictions, place);
        if (!choice.isFirst()) {
            rows.plus(1 / ofOutput[i], memory.predictions, place);
        }
        rows.plus((1 - share) / ofOutput[i], memory.residuals, slot(q - 1, round))
                .plus(share / ofOutput[i], memory.residuals, slot(q, round));
        if (ofState[i] != 0) {
            rows.plus(-ofState[i] / ofOutput[i], memory.states, place);
        }
    }

    @Override
    public void judge(RowProgram rows, Verdict verdict) {
        int count = choice.size();
        int dim = memory.problem.dim();
        for (int q = 0; q < count; q++) {
            sizes[q] = Math.sqrt(rows.sum(sizeAt[q]) / dim);
            errors[q] = q == 0 || q == count - 1 ? 0 : Math.sqrt(rows.sum(errorAt[q]) / dim);
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
    public void keep(RowProgram rows, int nextRound) {
        // Rows that enter are taken to predict what the last one before them does, as long as that is there.
        int entered = -1;
        for (int i = Math.max(oldEnd, choice.node(0)); i < end; i++) {
            if (!system.evaluated(i)) {
                continue;
            }
            if (entered < 0) {
                keep(rows, lastKnown, i, nextRound);
                entered = i;
            } else {
                rows.copy(keeper(entered), keptAt(entered, nextRound), keeper(i), keptAt(i, nextRound));
            }
        }
        for (int i = choice.node(0); i < Math.min(oldEnd, end); i++) {
            if (system.evaluated(i)) {
                keep(rows, i, i, nextRound);
            }
        }
    }

    /** Keeps the x0 that a row tells as H_i; nothing at all, as in the beginning, where a prediction was not finite. */
    private void keep(RowProgram rows, int from, int i, int nextRound) {
        if (lost[from]) {
            rows.into(keeper(i), keptAt(i, nextRound)).plus(0, memory.problem.start(), sample);
        } else {
            addX0(rows.into(keeper(i), keptAt(i, nextRound)), from);
        }
    }

    /** Where H_i lies: a node's among the residuals, for its prediction is about to be overwritten. */
    private Buffer keeper(int i) {
        return choice.contains(i) ? memory.residuals : memory.predictions;
    }

    private int keptAt(int i, int nextRound) {
        return choice.contains(i) ? slot(choice.nodeAt(i), nextRound) : places.place(i);
    }
}

package dev.paraflux.method.core;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Round;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.TriangularSystem;

/**
 * Forward substitution in equation (1), from a row on: holds the state of one row, asks for its evaluation, moves to the
 * next.
 *
 * <p>A solver that looks back on rows before the core's first one finds there what the first row itself predicts: the
 * states and outputs with its x0 and its eps. For a multistep solver that is a start of first order.
 */
final class Core implements TriangularSystem.Terms {
    private final CoreMemory memory;
    private final TriangularSystem system;
    private final int sample;
    private final int lane;
    private int first;
    private int row;
    private int lastEvaluated;
    private RowProgram rows;
    private double firstState;
    private double firstPrediction;

    Core(CoreMemory memory, int sample, int index) {
        this.memory = memory;
        this.sample = sample;
        system = memory.problem.system();
        lane = memory.lane(sample, index);
    }

    /** Begins at a row, whose state lies, or is about to be put, in its place; that of row 0 is the start noise. */
    void start(int atRow) {
        first = atRow;
        row = atRow;
        lastEvaluated = -1;
    }

    int row() {
        return row;
    }

    /** Whether the core is at the sample. */
    boolean done() {
        return row == system.rows();
    }

    /**
     * Whether the model's output here is needed, and not there yet. Where a core starts amid the rows it always is: for
     * the next jump, and for what lies before.
     */
    boolean awaitsEvaluation() {
        boolean needed = system.evaluated(row) || row == first && row > 0 && !done();
        return needed && lastEvaluated < row;
    }

    /** Asks for the evaluation of the present row. */
    void request(Round round) {
        round.evaluate(row, states(), stateRow(), memory.predictions, memory.predictionRow(lane, row));
        lastEvaluated = row;
    }

    /** Writes the next row. */
    void move(RowProgram program) {
        row++;
        rows = program.into(states(), stateRow());
        firstState = 0;
        firstPrediction = 0;
        system.rightSide(row, this);
        if (firstState != 0) {
            rows.plus(firstState, states(first), memory.stateRow(lane, first));
        }
        if (firstPrediction != 0) {
            rows.plus(firstPrediction, memory.predictions, memory.predictionRow(lane, first));
        }
    }

    /** Terms of a first row amid the rows are added up, so that what lies before takes no terms of its own. */
    @Override
    public void state(double factor, int j) {
        if (j > first || first == 0) {
            rows.plus(factor, states(j), j == 0 ? sample : memory.stateRow(lane, j));
        } else if (j == first) {
            firstState += factor;
        } else {
            addFirst(factor * system.level(j).alpha(), factor * system.level(j).sigma());
        }
    }

    @Override
    public void prediction(double factor, int j) {
        if (j > first || first == 0) {
            rows.plus(factor, memory.predictions, memory.predictionRow(lane, j));
        } else if (j == first) {
            firstPrediction += factor;
        } else {
            Prediction prediction = system.prediction();
            addFirst(factor * prediction.outputOfX0(system.level(j)),
                    factor * prediction.outputOfEpsilon(system.level(j)));
        }
    }

    @Override
    public void noise(double factor, int i) {
        rows.plus(factor, memory.problem.noise(), memory.problem.noiseRow(sample, i));
    }

    /** Adds multiples of the x0 and eps that the first row predicts. */
    private void addFirst(double x0, double epsilon) {
        NoiseLevel at = system.level(first);
        Prediction prediction = system.prediction();
        firstState += x0 * prediction.x0OfState(at) + epsilon * prediction.epsilonOfState(at);
        firstPrediction += x0 * prediction.x0OfOutput(at) + epsilon * prediction.epsilonOfOutput(at);
    }

    /** Where the state of the present row lies. */
    Buffer states() {
        return states(row);
    }

    int stateRow() {
        return row == 0 ? sample : memory.stateRow(lane, row);
    }

    /** Where the prediction lies that a jump from the present row takes. */
    int jumpPredictionRow() {
        return memory.predictionRow(lane, row == first ? row : CorePlan.predictionRow(system, row));
    }

    private Buffer states(int i) {
        return i == 0 ? memory.problem.start() : memory.states;
    }
}

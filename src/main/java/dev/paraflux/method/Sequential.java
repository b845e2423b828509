package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowTable;
import dev.paraflux.solver.TriangularSystem;

/**
 * Forward substitution, row after row: the reference that every other method is held to, and the fastest where the
 * device is busy with one row. One round, and one evaluation, for each row that the model is asked at.
 *
 * <p>Keeps only the rows that later ones look back on: for a one-step solver one state and one prediction a sample, the
 * samples side by side, so that the model works in place.
 */
public record Sequential() implements Method {
    @Override
    public Workspace allocate(Problem problem) {
        return new Lanes(problem);
    }

    /** States and predictions in slots: row i of sample s lies in slot i mod reach, lane s. Row 0 stays with the noise. */
    private static final class Lanes implements Workspace {
        private final Problem problem;
        private final Buffer states;
        private final Buffer predictions;
        private final Lane[] lanes;

        Lanes(Problem problem) {
            this.problem = problem;
            TriangularSystem system = problem.system();
            states = problem.device().allocate(system.stateReach() * problem.samples(), problem.dim());
            try {
                predictions = problem.device().allocate(system.predictionReach() * problem.samples(), problem.dim());
            } catch (OutOfMemoryError e) {
                states.close();
                throw e;
            }
            lanes = new Lane[problem.samples()];
            for (int s = 0; s < lanes.length; s++) {
                lanes[s] = new Lane(s);
            }
        }

        @Override
        public Solve solve(int sample) {
            return lanes[sample];
        }

        @Override
        public void close() {
            states.close();
            predictions.close();
        }

        private final class Lane implements Solve, TriangularSystem.Terms {
            private final TriangularSystem system = problem.system();
            private final int sample;
            private int row;
            private int lastEvaluated;
            private RowTable table;

            Lane(int sample) {
                this.sample = sample;
            }

            @Override
            public void restart() {
                row = 0;
                lastEvaluated = -1;
            }

            @Override
            public void request(Round round) {
                round.evaluate(row, stateBuffer(row), stateRow(row), predictions, predictionRow(row));
                lastEvaluated = row;
            }

            @Override
            public void advance(RowTable updates) {
                boolean waits = system.evaluated(row) && lastEvaluated < row;
                if (waits || finished()) {
                    return;
                }
                row++;
                table = updates.into(stateBuffer(row), stateRow(row));
                system.rightSide(row, this);
            }

            @Override
            public void state(double factor, int j) {
                table.plus(factor, stateBuffer(j), stateRow(j));
            }

            @Override
            public void prediction(double factor, int j) {
                table.plus(factor, predictions, predictionRow(j));
            }

            @Override
            public void noise(double factor, int i) {
                table.plus(factor, problem.noise(), problem.noiseRow(sample, i));
            }

            @Override
            public boolean finished() {
                return row == system.rows();
            }

            @Override
            public int finalRows() {
                return row;
            }

            @Override
            public double residual() {
                return 0;
            }

            @Override
            public Buffer result() {
                return stateBuffer(row);
            }

            @Override
            public int resultRow() {
                return stateRow(row);
            }

            private Buffer stateBuffer(int i) {
                return i == 0 ? problem.start() : states;
            }

            private int stateRow(int i) {
                return i == 0 ? sample : i % system.stateReach() * problem.samples() + sample;
            }

            private int predictionRow(int i) {
                return i % system.predictionReach() * problem.samples() + sample;
            }
        }
    }
}

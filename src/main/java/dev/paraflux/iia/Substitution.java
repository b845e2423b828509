package dev.paraflux.iia;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowTable;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Round;
import dev.paraflux.method.Solve;
import dev.paraflux.solver.TriangularSystem;

/**
 * Forward substitution in rows that are kept, from one row to another. The rows of the system after those are vectors
 * and a target: they are not stored, but their inner products added to normal equations.
 *
 * @param kept      has the rows before the first one, and the model's outputs there, if there are any
 * @param first     the first row to compute that is not there yet, 0 if nothing is
 * @param last      the last row to compute
 * @param equations receive the inner products, in the order of the samples; null if no rows come after the last one
 */
record Substitution(KeptRows kept, int first, int last, NormalEquations equations) implements Method {
    @Override
    public Workspace allocate(Problem problem) {
        kept.serve(problem);
        return new Run(this, problem);
    }

    /** The rows belong to the one who keeps them, and are not closed here. */
    private static final class Run implements Workspace {
        private final Substitution method;
        private final TriangularSystem system;
        private final OneSample[] samples;
        private final RowTable vectors = new RowTable();
        private int arrived;

        Run(Substitution method, Problem problem) {
            this.method = method;
            system = problem.system();
            samples = new OneSample[problem.samples()];
            for (int s = 0; s < samples.length; s++) {
                samples[s] = new OneSample(this, s);
            }
        }

        /** One pass over the memory of all samples, once the last of them is there. */
        void arrive() {
            arrived++;
            if (arrived < samples.length || method.last == system.rows()) {
                return;
            }
            vectors.clear();
            for (OneSample sample : samples) {
                for (int row = method.last + 1; row <= system.rows(); row++) {
                    sample.write(row, vectors.row());
                }
            }
            vectors.gram(system.rows() - method.last);
            for (int s = 0; s < samples.length; s++) {
                method.equations.add(vectors, s);
            }
        }

        @Override
        public Solve solve(int sample) {
            return samples[sample];
        }

        @Override
        public long bytes() {
            return method.kept.bytes();
        }

        @Override
        public void close() {
            vectors.close();
        }
    }

    private static final class OneSample implements Solve, TriangularSystem.Terms {
        private final Run run;
        private final KeptRows kept;
        private final TriangularSystem system;
        private final int sample;
        private int row;
        private boolean evaluated;
        private boolean arrived;
        private RowTable table;

        OneSample(Run run, int sample) {
            this.run = run;
            this.sample = sample;
            kept = run.method.kept;
            system = run.system;
        }

        @Override
        public void restart() {
            row = Math.max(0, run.method.first - 1);
            evaluated = run.method.first > 0;
            arrived = false;
            run.arrived = 0;
        }

        @Override
        public void request(Round round) {
            round.evaluate(row, result(), resultRow(), kept.predictions(), kept.predictionRow(row, sample));
            evaluated = true;
        }

        @Override
        public void advance(RowTable updates) {
            if (finished()) {
                if (!arrived) {
                    arrived = true;
                    run.arrive();
                }
            } else if (evaluated || !system.evaluated(row)) {
                row++;
                evaluated = false;
                write(row, updates.into(kept.states(row), kept.stateRow(row, sample)));
            }
        }

        void write(int ofRow, RowTable into) {
            table = into;
            system.rightSide(ofRow, this);
        }

        @Override
        public void state(double factor, int j) {
            table.plus(factor, kept.states(j), kept.stateRow(j, sample));
        }

        @Override
        public void prediction(double factor, int j) {
            table.plus(factor, kept.predictions(), kept.predictionRow(j, sample));
        }

        @Override
        public void noise(double factor, int i) {
            throw new IllegalStateException(
                    "row " + i + " takes noise: corrections are fitted to deterministic solvers");
        }

        @Override
        public boolean finished() {
            return row == run.method.last;
        }

        @Override
        public int finalRows() {
            return row;
        }

        @Override
        public Buffer result() {
            return kept.states(row);
        }

        @Override
        public int resultRow() {
            return kept.stateRow(row, sample);
        }
    }
}

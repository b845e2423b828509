package dev.paraflux.iia;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.GramTable;
import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Round;
import dev.paraflux.method.Solve;
import dev.paraflux.method.Work;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;

/**
 * Forward substitution of one seed in rows that are kept, from one row to another. The rows of the system after those are
 * vectors and a target: they are not stored, but their inner products are taken.
 *
 * @param kept     has the rows before the first one, and the model's outputs there, if there are any
 * @param seed     the seed's place among those kept
 * @param first    the first row to compute that is not there yet, 0 if nothing is
 * @param last     the last row to compute
 * @param products receive the inner products of the rows after the last one, as {@link NormalEquations#add(double[])} takes
 *                 them; null if no rows come after it
 */
record Substitution(KeptRows kept, int seed, int first, int last, double[] products) implements Method {
    @Override
    public int mostRows(TriangularSystem system) {
        return 1;
    }

    @Override
    public Workspace allocate(Problem problem) {
        kept.allocate(problem.device(), problem.dim());
        return new OneSeed(this, problem);
    }

    /** The rows belong to the one who keeps them, and are not closed here. They serve one sample at a time. */
    private static final class OneSeed implements Workspace {
        private final KeptRows kept;
        private final OneSample[] samples;

        OneSeed(Substitution method, Problem problem) {
            kept = method.kept;
            samples = new OneSample[problem.samples()];
            Arrays.setAll(samples, sample -> new OneSample(method, problem, sample));
        }

        @Override
        public Solve solve(int sample) {
            return samples[sample];
        }

        @Override
        public long bytes() {
            return kept.bytes();
        }

        @Override
        public void close() {}
    }

    private static final class OneSample implements Solve, TriangularSystem.Terms {
        private final Substitution method;
        private final KeptRows kept;
        private final Problem problem;
        private final TriangularSystem system;
        private final int sample;
        private int row;
        private boolean evaluated;
        private int finalRows;
        private int group;
        private boolean measured;
        /** Where {@link TriangularSystem#rightSide} puts its terms: one of the two, the other is null. */
        private RowProgram program;
        private GramTable grams;

        OneSample(Substitution method, Problem problem, int sample) {
            this.method = method;
            this.problem = problem;
            this.sample = sample;
            kept = method.kept;
            system = problem.system();
        }

        @Override
        public void restart(Work work, double rounding) {
            row = Math.max(0, method.first - 1);
            evaluated = method.first > 0;
            measured = method.products == null;
            move(work.rows());
            finalRows = row;
        }

        @Override
        public void request(Round round) {
            if (row < method.last) {
                round.evaluate(row, result(), resultRow(), kept.predictions(), kept.place(row, method.seed));
                evaluated = true;
            }
        }

        @Override
        public void compute(Work work) {
            move(work.rows());
            if (row == method.last && !measured) {
                program = null;
                grams = work.grams();
                group = grams.group(system.rows() - method.last);
                for (int vector = method.last + 1; vector <= system.rows(); vector++) {
                    grams.row();
                    system.rightSide(vector, this);
                }
            }
        }

        private void move(RowProgram rows) {
            while (row < method.last && (evaluated || !system.evaluated(row))) {
                row++;
                evaluated = false;
                program = rows.into(kept.states(), kept.place(row, method.seed));
                system.rightSide(row, this);
            }
        }

        @Override
        public void judge(Work work) {
            finalRows = row;
            if (row == method.last && !measured) {
                int vectors = system.rows() - method.last;
                int next = 0;
                for (int a = 0; a < vectors; a++) {
                    for (int b = a; b < vectors; b++) {
                        method.products[next++] = work.grams().inner(group, a, b);
                    }
                }
                measured = true;
            }
        }

        @Override
        public void state(double factor, int j) {
            plus(factor, states(j), stateRow(j));
        }

        @Override
        public void prediction(double factor, int j) {
            plus(factor, kept.predictions(), kept.place(j, method.seed));
        }

        @Override
        public void noise(double factor, int i) {
            throw new IllegalStateException(
                    "row " + i + " takes noise: corrections are fitted to deterministic solvers");
        }

        private void plus(double factor, Buffer buffer, int at) {
            if (program == null) {
                grams.plus(factor, buffer, at);
            } else {
                program.plus(factor, buffer, at);
            }
        }

        private Buffer states(int j) {
            return j == 0 ? problem.start() : kept.states();
        }

        private int stateRow(int j) {
            return j == 0 ? sample : kept.place(j, method.seed);
        }

        @Override
        public boolean finished() {
            return finalRows == method.last && measured;
        }

        @Override
        public int finalRows() {
            return finalRows;
        }

        @Override
        public Buffer result() {
            return states(row);
        }

        @Override
        public int resultRow() {
            return stateRow(row);
        }
    }
}

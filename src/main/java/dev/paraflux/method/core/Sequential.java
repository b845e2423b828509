package dev.paraflux.method.core;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Round;
import dev.paraflux.method.Solve;
import dev.paraflux.method.Work;
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
    public int mostRows(TriangularSystem system) {
        return 1;
    }

    @Override
    public Workspace allocate(Problem problem) {
        return new CoreMemory(problem, 1, OneCore::new);
    }

    private static final class OneCore implements Solve {
        private final Core core;
        private final TriangularSystem system;
        private int finalRows;

        OneCore(CoreMemory memory, int sample) {
            core = new Core(memory, sample, 0);
            system = memory.problem.system();
        }

        @Override
        public void restart(Work work, double rounding) {
            core.start(0);
            move(work.rows());
            finalRows = core.row();
        }

        @Override
        public void request(Round round) {
            core.request(round);
        }

        @Override
        public void compute(Work work) {
            move(work.rows());
        }

        private void move(RowProgram rows) {
            while (!core.done() && !core.awaitsEvaluation()) {
                core.move(rows);
            }
        }

        @Override
        public void judge(Work work) {
            finalRows = core.row();
        }

        @Override
        public boolean finished() {
            return finalRows == system.rows();
        }

        @Override
        public int finalRows() {
            return finalRows;
        }

        @Override
        public Buffer result() {
            return core.states();
        }

        @Override
        public int resultRow() {
            return core.stateRow();
        }
    }
}

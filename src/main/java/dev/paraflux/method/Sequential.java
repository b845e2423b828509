package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowTable;

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
        return new OneCore(problem);
    }

    private static final class OneCore implements Workspace {
        private final CoreMemory memory;
        private final Substitution[] samples;

        OneCore(Problem problem) {
            memory = new CoreMemory(problem, 1);
            samples = new Substitution[problem.samples()];
            for (int s = 0; s < samples.length; s++) {
                samples[s] = new Substitution(new Core(memory, s, 0));
            }
        }

        @Override
        public Solve solve(int sample) {
            return samples[sample];
        }

        @Override
        public long bytes() {
            return memory.bytes();
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    private record Substitution(Core core) implements Solve {
        @Override
        public void restart() {
            core.start(0);
        }

        @Override
        public void request(Round round) {
            core.request(round);
        }

        @Override
        public void advance(RowTable table) {
            if (!core.done() && !core.awaitsEvaluation()) {
                core.move(table);
            }
        }

        @Override
        public boolean finished() {
            return core.done();
        }

        @Override
        public int finalRows() {
            return core.row();
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

package dev.paraflux.method.window;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.GramState;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.device.WindowTable;
import dev.paraflux.method.Round;
import dev.paraflux.method.Trajectory;
import dev.paraflux.method.Work;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.TriangularSystem;

/** Where one sample's rows lie in a {@link WindowMemory}, and how what is computed of them is written down. */
final class WindowRows implements TriangularSystem.Terms {
    private final WindowMemory memory;
    private final TriangularSystem system;
    private final UnrolledChain chain;
    private final int sample;
    /** Where {@link TriangularSystem#rightSide} puts its terms: one of the two, the other is null. */
    private RowProgram program;
    private WindowTable window;
    /** What the rows of a window are told of predictions. */
    private Nodes nodes;

    WindowRows(WindowMemory memory, UnrolledChain chain, int sample) {
        this.memory = memory;
        this.chain = chain;
        this.sample = sample;
        system = memory.problem.system();
    }

    /** Where row i lies among the states and the predictions. */
    int place(int i) {
        return sample * memory.places + i % memory.places;
    }

    /** Where the residual and the map of row i, of some rounds ago, lie among those. */
    int iterate(int i, int round, int age) {
        return (sample * memory.window + i % memory.window) * memory.history
                + Math.floorMod(round - age, memory.history);
    }

    /** Makes a row a copy of the start noise. */
    void start(RowProgram rows, int i) {
        rows.copy(memory.problem.start(), sample, memory.states, place(i));
    }

    /** Takes a row of an earlier run. */
    void take(Work work, Trajectory previous, int i) {
        previous.write(i, work, memory.states, place(i));
    }

    void evaluate(Round round, int i) {
        round.evaluate(i, memory.states, place(i), memory.predictions, place(i));
    }

    /** Writes a window of rows {@code fixed + 1} to {@code end}; gives the place of the first one in the table. */
    int fill(WindowTable table, Nodes told, GramState grams, int fixed, int end, int round, int[] iterates) {
        program = null;
        window = table;
        nodes = told;
        int first = table.begin(memory.history, memory.rule.ridge(), grams, fixed + 1);
        nodes.estimate(table.estimates());
        for (int i = fixed + 1; i <= end; i++) {
            int now = iterate(i, round, 0);
            window.row(memory.states, place(i), memory.residuals, now, memory.maps, now);
            system.rightSide(i, this);
            if (chain.parent(i) > fixed) {
                window.carry(chain.parent(i) - fixed - 1, chain.factor(i));
            }
            if (chain.dropped(i) > fixed) {
                window.drop(chain.dropped(i) - fixed - 1, chain.droppedFactor(i));
            }
            for (int age = 1; age <= iterates[i]; age++) {
                window.old(age, memory.residuals, iterate(i, round, age));
            }
        }
        return first;
    }

    /** Puts the right side of a row into a row's place. */
    void substitute(RowProgram rows, int i, int target) {
        program = rows.into(memory.states, place(target));
        system.rightSide(i, this);
    }

    /** Puts the present value of a row into a row's place. */
    void copy(RowProgram rows, int i, int target) {
        rows.into(memory.states, place(target)).plus(1, memory.states, place(i));
    }

    /** Puts the combination of a row's last maps into a row's place, by the weights of the verdict. */
    void combine(RowProgram rows, Verdict verdict, int i, int round, int target) {
        rows.into(memory.states, place(target));
        for (int age = 0; age < memory.history; age++) {
            double weight = verdict.weight(i, age);
            if (weight != 0) {
                rows.plus(weight, memory.maps, iterate(i, round, age));
            }
        }
    }

    /** Lets a row follow the x0 and eps predicted at row {@code from}, which are linear in x and m. */
    void roll(RowProgram rows, int from, int target) {
        NoiseLevel at = system.level(from);
        NoiseLevel to = system.level(target);
        Prediction prediction = system.prediction();
        rows.into(memory.states, place(target))
                .plus(to.alpha() * prediction.x0OfState(at) + to.sigma() * prediction.epsilonOfState(at),
                        memory.states, place(from))
                .plus(to.alpha() * prediction.x0OfOutput(at) + to.sigma() * prediction.epsilonOfOutput(at),
                        memory.predictions, place(from));
    }

    /** All rows, if the window covers them; else null. */
    Trajectory trajectory(Queue queue) {
        if (memory.window < system.rows()) {
            return null;
        }
        int dim = memory.problem.dim();
        float[] rows = new float[Math.multiplyExact(system.rows() + 1, dim)];
        for (int i = 0; i <= system.rows(); i++) {
            queue.read(memory.states, place(i), rows, i * dim);
        }
        queue.await();
        return Trajectory.of(system, rows);
    }

    @Override
    public void state(double factor, int j) {
        plus(factor, memory.states, place(j));
    }

    @Override
    public void prediction(double factor, int j) {
        int estimate = program == null ? nodes.estimateOf(j) : Nodes.NONE;
        if (estimate == Nodes.NONE) {
            plus(factor, memory.predictions, place(j));
        } else {
            window.plusEstimate(factor, estimate);
        }
    }

    @Override
    public void noise(double factor, int i) {
        plus(factor, memory.problem.noise(), memory.problem.noiseRow(sample, i));
    }

    private void plus(double factor, Buffer buffer, int row) {
        if (program == null) {
            window.plus(factor, buffer, row);
        } else {
            program.plus(factor, buffer, row);
        }
    }
}

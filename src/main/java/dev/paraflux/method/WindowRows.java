package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowTable;
import dev.paraflux.device.WindowTable;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.TriangularSystem;

/** Where one sample's rows lie in a {@link WindowWorkspace}, and how what is computed of them is written into tables. */
final class WindowRows implements TriangularSystem.Terms {
    private final WindowWorkspace memory;
    private final TriangularSystem system;
    private final UnrolledChain chain;
    private final int sample;
    private final WindowTable window;
    /** Where {@link TriangularSystem#rightSide} puts its terms; null for the window. */
    private RowTable target;

    WindowRows(WindowWorkspace memory, UnrolledChain chain, int sample, WindowTable window) {
        this.memory = memory;
        this.chain = chain;
        this.sample = sample;
        this.window = window;
        system = memory.problem.system();
    }

    int slot(int i) {
        return memory.slot(sample, i);
    }

    void write(int i, float[] values, int offset) {
        memory.states.write(slot(i), values, offset);
    }

    void evaluate(Round round, int i) {
        round.evaluate(i, memory.states, slot(i), memory.predictions, slot(i));
    }

    /** Fills the window with rows {@code fixed + 1} to {@code end}. */
    void fill(int fixed, int end, int round, int[] iterates) {
        target = null;
        window.clear();
        for (int i = fixed + 1; i <= end; i++) {
            int now = memory.iterate(sample, i, round, 0);
            window.row(memory.states, slot(i), memory.residuals, now, memory.maps, now);
            system.rightSide(i, this);
            if (chain.parent(i) > fixed) {
                window.carry(chain.parent(i) - fixed - 1, chain.factor(i));
            }
            if (chain.dropped(i) > fixed) {
                window.drop(chain.dropped(i) - fixed - 1, chain.droppedFactor(i));
            }
            for (int age = 1; age <= iterates[i]; age++) {
                window.old(age, memory.residuals, memory.iterate(sample, i, round, age));
            }
        }
    }

    /** Puts the right side of a row into a row's place. */
    void substitute(RowTable updates, int i, int place) {
        target = updates.into(memory.states, slot(place));
        system.rightSide(i, this);
    }

    /** Puts the present value of a row into a row's place. */
    void copy(RowTable updates, int i, int place) {
        updates.into(memory.states, slot(place)).plus(1, memory.states, slot(i));
    }

    /** Puts the combination of a row's last maps into a row's place; {@code w} is its index in the window. */
    void combine(RowTable updates, int i, int w, int round, int place) {
        updates.into(memory.states, slot(place));
        for (int age = 0; age < memory.history; age++) {
            double weight = memory.history > 1 ? window.weight(w, age) : 1;
            if (weight != 0) {
                updates.plus(weight, memory.maps, memory.iterate(sample, i, round, age));
            }
        }
    }

    /** Lets a row follow the x0 and eps predicted at row {@code from}, which are linear in x and m. */
    void roll(RowTable updates, int from, int place) {
        NoiseLevel at = system.level(from);
        NoiseLevel to = system.level(place);
        Prediction prediction = system.prediction();
        updates.into(memory.states, slot(place))
                .plus(to.alpha() * prediction.x0OfState(at) + to.sigma() * prediction.epsilonOfState(at),
                        memory.states, slot(from))
                .plus(to.alpha() * prediction.x0OfOutput(at) + to.sigma() * prediction.epsilonOfOutput(at),
                        memory.predictions, slot(from));
    }

    /** All rows, if the window covers them; else null. */
    Trajectory trajectory() {
        if (memory.window < system.rows()) {
            return null;
        }
        int dim = memory.problem.dim();
        float[] rows = new float[Math.multiplyExact(system.rows() + 1, dim)];
        for (int i = 0; i <= system.rows(); i++) {
            memory.states.read(slot(i), rows, i * dim);
        }
        return new Trajectory(Trajectory.levels(system), rows);
    }

    @Override
    public void state(double factor, int j) {
        plus(factor, memory.states, slot(j));
    }

    @Override
    public void prediction(double factor, int j) {
        plus(factor, memory.predictions, slot(j));
    }

    @Override
    public void noise(double factor, int i) {
        plus(factor, memory.problem.noise(), memory.problem.noiseRow(sample, i));
    }

    private void plus(double factor, Buffer buffer, int row) {
        if (target == null) {
            window.plus(factor, buffer, row);
        } else {
            target.plus(factor, buffer, row);
        }
    }
}

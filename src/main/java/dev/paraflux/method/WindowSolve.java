package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.GramState;
import dev.paraflux.device.RowTable;
import dev.paraflux.device.WindowTable;
import dev.paraflux.device.WindowTable.Outcome;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;

/**
 * One sample's fixed-point iteration over a sliding window of rows: rows up to {@code fixed} are final, the rows after
 * them, up to {@link #end}, are under way.
 */
final class WindowSolve implements Solve {
    private final WindowWorkspace memory;
    private final WindowSettings rule;
    private final FirstGuess guess;
    private final TriangularSystem system;
    private final WindowRows rows;
    private final int sample;
    private final int limit;
    private final WindowTable window;
    private final GramState grams;
    /** Rounds that a row has been under way, at most the history less one. */
    private final int[] iterates;
    private final float[] values;
    private final WindowResiduals residuals;
    private final UpdateCounts.Counter counter = new UpdateCounts.Counter();
    private int fixed;
    private int firstUnevaluated;
    private int guessStep;
    private int round;
    private boolean waiting;
    /** Whether the last row has been computed, if only from guesses: before, it is a copy of noise. */
    private boolean answered;

    WindowSolve(WindowWorkspace memory, UnrolledChain chain, int sample) {
        this.memory = memory;
        this.sample = sample;
        rule = memory.rule;
        guess = rule.firstGuess();
        system = memory.problem.system();
        // With the safeguard every round makes a row final, so that the rows are a limit by themselves.
        limit = rule.safeguard() ? rule.maxRounds() : Math.min(rule.maxRounds(), system.rows());
        window = memory.resources.add(new WindowTable(memory.window, memory.problem.dim()));
        residuals = new WindowResiduals(rule, system, window);
        rows = new WindowRows(memory, chain, sample, window);
        grams = memory.resources.add(new GramState(system.rows() + 1));
        iterates = new int[system.rows() + 1];
        values = new float[memory.problem.dim()];
    }

    @Override
    public void restart() {
        fixed = 0;
        firstUnevaluated = 0;
        guessStep = 0;
        round = 0;
        waiting = true;
        answered = false;
        residuals.clear();
        counter.clear();
        Arrays.fill(iterates, 0);
        if (guess instanceof FirstGuess.WarmStart warm) {
            fixed = system.rows() - warm.variationRows();
            firstUnevaluated = Math.max(0, fixed + 1 - system.predictionReach());
            // Where all rows are kept they are all written: the next trajectory shows them.
            int first = memory.window == system.rows() ? 0 : Math.max(0, fixed + 1 - memory.reach);
            for (int i = first; i <= end(); i++) {
                rows.write(i, warm.previous().shared(), i * values.length);
            }
        } else {
            memory.problem.start().read(sample, values);
            for (int i = 0; i <= end(); i++) {
                rows.write(i, values, 0);
            }
        }
    }

    /** The last row under way. */
    private int end() {
        return Math.min(fixed + memory.window, system.rows());
    }

    private int guessSteps() {
        return guess instanceof FirstGuess.Rolled rolled ? Math.min(rolled.steps(), end()) : 0;
    }

    private boolean guessing() {
        return guessStep < guessSteps();
    }

    /** The row that the present step of the first guess starts from: the last final one, or one that is under way. */
    private int guessRow() {
        int row = (int) ((long) guessStep * end() / guessSteps());
        while (row > fixed && !system.evaluated(row)) {
            row--;
        }
        // The row after the last final one is about to change.
        return row <= fixed + 1 ? fixed : row;
    }

    @Override
    public void request(Round wanted) {
        waiting = false;
        int guessed = guessing() ? guessRow() : -1;
        for (int i = firstUnevaluated; i < end(); i++) {
            if (i == guessed || system.evaluated(i) && (guessed < 0 || i <= fixed)) {
                rows.evaluate(wanted, i);
            }
        }
    }

    @Override
    public void advance(RowTable updates) {
        if (waiting) {
            passUnevaluated(updates);
            return;
        }
        waiting = true;
        if (guessing()) {
            roll(updates, guessRow());
            guessStep++;
        } else {
            rows.fill(fixed, end(), round, iterates);
            window.residuals(memory.history);
            update(updates, judge());
        }
        round++;
    }

    /** Where the last final row needs no evaluation, the next one follows from what is there, in the same round. */
    private void passUnevaluated(RowTable updates) {
        if (fixed == system.rows() || system.evaluated(fixed) || awaitsOldRows()) {
            return;
        }
        int oldEnd = end();
        int next = fixed + 1;
        rows.substitute(updates, next, next);
        fixed = next;
        if (end() > oldEnd && oldEnd == next) {
            rows.substitute(updates, next, end());
        } else if (end() > oldEnd) {
            rows.copy(updates, oldEnd, end());
        }
    }

    /** Before the first round, whether a warm start's old rows have yet to be evaluated. */
    private boolean awaitsOldRows() {
        for (int i = firstUnevaluated; round == 0 && i < fixed; i++) {
            if (system.evaluated(i)) {
                return true;
            }
        }
        return false;
    }

    /** A step of the first guess: one more row is final, and the rows ahead follow what row {@code from} predicts. */
    private void roll(RowTable updates, int from) {
        int next = fixed + 1;
        rows.substitute(updates, next, next);
        fixed = next;
        firstUnevaluated = next;
        for (int i = Math.max(from, next) + 1; i <= end(); i++) {
            rows.roll(updates, from, i);
        }
        answered |= end() == system.rows();
    }

    /** Finds the first row that has not converged, and chooses how the rows are updated; returns the new last final row. */
    private int judge() {
        int unconverged = 0;
        int broken = 0;
        for (int i = fixed + 1; i <= end(); i++) {
            int w = i - fixed - 1;
            double meanSquare = window.meanSquare(w);
            if (!Double.isFinite(meanSquare) || !Double.isFinite(window.meanSquareUnrolled(w))) {
                broken = broken == 0 ? i : broken;
                unconverged = unconverged == 0 ? i : unconverged;
            } else if (unconverged == 0
                    && !rule.converged(system, i, meanSquare, window.meanSquareUnrolled(w))) {
                unconverged = i;
            }
        }
        int count = memory.history;
        for (int i = fixed + 1; i <= end(); i++) {
            boolean plain = unconverged == 0 || (rule.safeguard() ? i <= unconverged : i < unconverged);
            // No more iterates than a row before it, which may have begun anew.
            count = Math.min(count, iterates[i] + 1);
            window.use(i - fixed - 1, count, plain);
        }
        if (unconverged == 0) {
            return end();
        }
        // The first row that has not converged is final after a plain update, for its inputs are; unless it is not finite,
        // which another round may mend as long as a row before it still moves.
        boolean mendable = unconverged == broken && broken > fixed + 1;
        return rule.safeguard() && !mendable ? unconverged : unconverged - 1;
    }

    private void update(RowTable updates, int newFixed) {
        if (memory.history > 1) {
            window.weights(memory.history, rule.ridge(), grams, fixed + 1);
        }
        int oldEnd = end();
        int lastFinite = fixed;
        for (int i = fixed + 1; i <= oldEnd; i++) {
            int w = i - fixed - 1;
            boolean finite = Double.isFinite(window.meanSquareUnrolled(w)) && Double.isFinite(window.meanSquare(w));
            if (finite || i <= newFixed) {
                put(updates, i, i);
                iterates[i] = Math.min(iterates[i] + 1, memory.history - 1);
                counter.add(memory.history > 1 ? window.outcome(w) : Outcome.PLAIN);
            } else {
                put(updates, lastFinite, i);
                iterates[i] = 0;
                counter.add(Outcome.NON_FINITE);
            }
            lastFinite = finite && lastFinite == i - 1 ? i : lastFinite;
        }
        residuals.note(fixed, newFixed, oldEnd);
        // Rows that enter copy the last one.
        for (int i = oldEnd + 1; i <= Math.min(newFixed + memory.window, system.rows()); i++) {
            put(updates, lastFinite, i);
        }
        firstUnevaluated = Math.min(newFixed, Math.max(fixed + 1, newFixed + 1 - system.predictionReach()));
        answered |= oldEnd == system.rows();
        fixed = newFixed;
    }

    /** Puts the next value of row {@code from} into row {@code to}. */
    private void put(RowTable updates, int from, int to) {
        if (from == fixed) {
            rows.copy(updates, from, to);
        } else {
            rows.combine(updates, from, from - fixed - 1, round, to);
        }
    }

    @Override
    public boolean isFinal(int row, int predictionRow) {
        return row <= fixed;
    }

    @Override
    public boolean finished() {
        return converged() || round >= limit;
    }

    @Override
    public boolean exact() {
        return converged() && residuals.accepted() == 0;
    }

    @Override
    public boolean converged() {
        return fixed == system.rows();
    }

    @Override
    public boolean hasAnswer() {
        return answered || converged();
    }

    @Override
    public int finalRows() {
        return fixed;
    }

    @Override
    public double residual() {
        return converged() ? residuals.accepted() : residuals.largest();
    }

    @Override
    public UpdateCounts updates() {
        return counter.total();
    }

    @Override
    public Buffer result() {
        return memory.states;
    }

    @Override
    public int resultRow() {
        return rows.slot(end());
    }

    @Override
    public Trajectory trajectory() {
        return rows.trajectory();
    }
}

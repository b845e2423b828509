package dev.paraflux.method.window;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.GramState;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.device.WindowTable.Outcome;
import dev.paraflux.method.Round;
import dev.paraflux.method.Solve;
import dev.paraflux.method.Trajectory;
import dev.paraflux.method.UpdateCounts;
import dev.paraflux.method.Work;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;

/**
 * One sample's fixed-point iteration over a sliding window of rows: rows up to {@code fixed} are final, the rows after
 * them, up to {@link #end}, are under way.
 */
final class WindowSolve implements Solve {
    private final WindowMemory memory;
    private final WindowSettings rule;
    private final FirstGuess guess;
    private final TriangularSystem system;
    private final WindowRows rows;
    private final int limit;
    /** Null where no iterates are combined. */
    private final GramState grams;
    /** Rounds that a row has been under way, at most the history less one. */
    private final int[] iterates;
    private final Nodes nodes;
    private final Verdict verdict;
    private final UpdateCounter counter = new UpdateCounter();
    private int fixed;
    private int firstUnevaluated;
    private int guessStep;
    private int round;
    /** The last row that is final after this round. */
    private int newFixed;
    /** Whether the last row has been computed, if only from guesses: before, it is a copy of noise. */
    private boolean answered;

    WindowSolve(WindowMemory memory, UnrolledChain chain, int sample) {
        this.memory = memory;
        rule = memory.rule;
        guess = rule.firstGuess();
        system = memory.problem.system();
        // With the safeguard every round makes a row final, so that the rows are a limit by themselves.
        limit = rule.safeguard() ? rule.maxRounds() : Math.min(rule.maxRounds(), system.rows());
        rows = new WindowRows(memory, chain, sample);
        nodes = rule.sparse() == null ? Nodes.EVERY_ROW : new SparseNodes(memory, rows);
        verdict = new Verdict(memory, chain, nodes);
        grams = memory.history > 1 ? memory.resources.add(new GramState(system.rows() + 1)) : null;
        iterates = new int[system.rows() + 1];
    }

    @Override
    public void restart(Work work, double rounding) {
        fixed = 0;
        firstUnevaluated = 0;
        guessStep = 0;
        round = 0;
        answered = false;
        verdict.clear(rounding);
        counter.clear();
        Arrays.fill(iterates, 0);
        if (guess instanceof FirstGuess.WarmStart warm) {
            fixed = system.rows() - warm.variationRows();
            firstUnevaluated = Math.max(0, fixed + 1 - system.predictionReach());
            // Where all rows are kept they are all written: the next trajectory shows them.
            int first = memory.window == system.rows() ? 0 : Math.max(0, fixed + 1 - memory.reach);
            for (int i = first; i <= end(); i++) {
                rows.take(work, warm.previous(), i);
            }
        } else {
            for (int i = 0; i <= end(); i++) {
                rows.start(work.rows(), i);
            }
        }
        passUnevaluated(work.rows());
        nodes.begin(firstUnevaluated, fixed, end());
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
        int guessed = guessing() ? guessRow() : -1;
        for (int i = firstUnevaluated; i < end(); i++) {
            if (i == guessed || system.evaluated(i) && (guessed < 0 ? nodes.contains(i) : i <= fixed)) {
                rows.evaluate(wanted, i);
            }
        }
    }

    @Override
    public void compute(Work work) {
        if (!guessing()) {
            int first = rows.fill(work.windows(), nodes, grams, fixed, end(), round, iterates);
            verdict.begin(work.windows(), first, fixed, end());
        }
    }

    @Override
    public void judge(Work work) {
        if (!guessing()) {
            nodes.judge(work.windows().estimates(), verdict);
            newFixed = verdict.judge(iterates);
        }
    }

    @Override
    public void advance(RowProgram updates) {
        if (guessing()) {
            roll(updates, guessRow());
            guessStep++;
            round++;
            passUnevaluated(updates);
            nodes.begin(firstUnevaluated, fixed, end());
        } else {
            chooseNodes(updates);
            update(updates);
            round++;
            passUnevaluated(updates);
        }
    }

    /** Before any row moves, for the next round: its last final row is the first one from the new one on that is evaluated. */
    private void chooseNodes(RowProgram updates) {
        int next = newFixed;
        while (next < system.rows() && !system.evaluated(next)) {
            next++;
        }
        if (next < system.rows()) {
            nodes.choose(nextUnevaluated(), next, Math.min(next + memory.window, system.rows()));
            nodes.enter(updates);
        }
    }

    /** From here on predictions at final states are still to be made after this round. */
    private int nextUnevaluated() {
        return Math.min(newFixed, Math.max(fixed + 1, newFixed + 1 - system.predictionReach()));
    }

    /** Where the last final row needs no evaluation, the next one follows from what is there, in the same round. */
    private void passUnevaluated(RowProgram updates) {
        while (fixed < system.rows() && !system.evaluated(fixed) && !awaitsOldRows()) {
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
    private void roll(RowProgram updates, int from) {
        int next = fixed + 1;
        rows.substitute(updates, next, next);
        fixed = next;
        firstUnevaluated = next;
        for (int i = Math.max(from, next) + 1; i <= end(); i++) {
            rows.roll(updates, from, i);
        }
        answered |= end() == system.rows();
    }

    private void update(RowProgram updates) {
        int oldEnd = end();
        int lastFinite = fixed;
        for (int i = fixed + 1; i <= oldEnd; i++) {
            boolean finite = verdict.finite(i);
            if (finite || i <= newFixed) {
                put(updates, i, i);
                iterates[i] = Math.min(iterates[i] + 1, memory.history - 1);
                counter.add(verdict.outcome(i));
            } else {
                put(updates, lastFinite, i);
                iterates[i] = 0;
                counter.add(Outcome.NON_FINITE);
            }
            lastFinite = finite && lastFinite == i - 1 ? i : lastFinite;
        }
        // Rows that enter copy the last one.
        for (int i = oldEnd + 1; i <= Math.min(newFixed + memory.window, system.rows()); i++) {
            put(updates, lastFinite, i);
        }
        firstUnevaluated = nextUnevaluated();
        answered |= oldEnd == system.rows();
        fixed = newFixed;
    }

    /** Puts the next value of row {@code from} into row {@code to}. */
    private void put(RowProgram updates, int from, int to) {
        if (from == fixed) {
            rows.copy(updates, from, to);
        } else {
            rows.combine(updates, verdict, from, round, to);
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
        return converged() && verdict.accepted() == 0;
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
        return converged() ? verdict.accepted() : verdict.largest();
    }

    @Override
    public double residual(int row) {
        return verdict.residual(row, fixed);
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
        return rows.place(end());
    }

    @Override
    public Trajectory trajectory(Queue queue) {
        return rows.trajectory(queue);
    }
}

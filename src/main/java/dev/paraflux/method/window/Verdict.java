package dev.paraflux.method.window;

import dev.paraflux.device.WindowTable;
import java.util.Arrays;

/**
 * What the numbers of a round say of one sample's rows under way: which have converged, how each of them is updated, and
 * how far they are, or were when they were accepted, from following each other.
 */
final class Verdict {
    private final WindowSettings rule;
    private final Nodes nodes;
    private final UnrolledChain chain;
    private final Acceptance acceptance;
    /** Of rows' residuals, where predictions are rounded by their whole size. */
    private final double[] floors;
    /** Of distances, squared. */
    private final double[] distanceFloors;
    private final double[] distances;
    /** By rows, of those that were taken when they were, and of others in the last round; NaN where there is none. */
    private final double[] residuals;
    private double rounding;
    private WindowTable table;
    private int first;
    private int fixed;
    private int end;
    private double accepted;
    private double open;

    Verdict(WindowMemory memory, UnrolledChain chain, Nodes nodes) {
        rule = memory.rule;
        acceptance = memory.acceptance;
        floors = memory.floors;
        this.chain = chain;
        this.nodes = nodes;
        distanceFloors = new double[floors.length];
        distances = new double[floors.length];
        residuals = new double[floors.length];
    }

    /**
     * Before the first round.
     *
     * @param share that predictions are rounded by
     */
    void clear(double share) {
        rounding = share;
        accepted = 0;
        open = Double.NaN;
        Arrays.fill(residuals, Double.NaN);
    }

    /**
     * Says where the numbers of a round will be.
     *
     * @param inTable   the table
     * @param firstRow  where row {@code lastFinal + 1} lies in it
     * @param lastFinal the last row that is final before the round
     * @param last      the last row of the window
     */
    void begin(WindowTable inTable, int firstRow, int lastFinal, int last) {
        table = inTable;
        first = firstRow;
        fixed = lastFinal;
        end = last;
        for (int i = fixed + 1; i <= end; i++) {
            int parent = chain.parent(i);
            // Of the sum of residuals, each rounded by itself.
            distanceFloors[i] = rounding * floors[i] * rounding * floors[i]
                    + (parent > fixed ? chain.factor(i) * chain.factor(i) * distanceFloors[parent] : 0);
        }
    }

    private int at(int i) {
        return first + i - fixed - 1;
    }

    /** Whether both residuals of a row are. */
    boolean finite(int i) {
        return Double.isFinite(table.meanSquareUnrolled(at(i))) && Double.isFinite(table.meanSquare(at(i)));
    }

    /** How far a row is from where its residual of order k would take it, root mean square; NaN if that is not finite. */
    double distance(int i) {
        return finite(i) ? Math.sqrt(table.meanSquareUnrolled(at(i))) : Double.NaN;
    }

    /** How far it is from where all residuals since the last final row would: by as many sums of k as there are. */
    private void sumUp(int i) {
        int dropped = chain.dropped(i);
        distances[i] = distance(i) + (dropped > fixed ? Math.abs(chain.droppedFactor(i)) * distances[dropped] : 0);
    }

    /** Only a true residual tells. */
    private boolean converged(int i) {
        return nodes.settles(i) && acceptance.met(i, Math.sqrt(table.meanSquare(at(i))), rounding * floors[i],
                distances[i], Math.sqrt(distanceFloors[i]));
    }

    /** The weight of a row's map of so many rounds ago in its next value. */
    double weight(int i, int age) {
        return rule.history() > 1 ? table.weight(at(i), age) : age == 0 ? 1 : 0;
    }

    /** What became of a row. */
    WindowTable.Outcome outcome(int i) {
        return rule.history() > 1 ? table.outcome(at(i)) : WindowTable.Outcome.PLAIN;
    }

    /**
     * Finds the first row that has not converged, and says how the rows are updated.
     *
     * @param iterates rounds that each row has been under way, at most the history less one
     * @return the last row that is final after the round
     */
    int judge(int[] iterates) {
        int unconverged = 0;
        int broken = 0;
        for (int i = fixed + 1; i <= end; i++) {
            sumUp(i);
            if (!finite(i)) {
                broken = broken == 0 ? i : broken;
                unconverged = unconverged == 0 ? i : unconverged;
            } else if (unconverged == 0 && !converged(i)) {
                unconverged = i;
            }
        }
        // The first row that has not converged is final after a plain update, for its inputs are; unless it follows from what
        // was not evaluated; or it is not finite, which another round may mend as long as a row before it still moves.
        boolean settled = unconverged == 0 || nodes.settles(unconverged);
        boolean mendable = unconverged == broken && broken > fixed + 1;
        int count = rule.history();
        for (int i = fixed + 1; i <= end; i++) {
            boolean plain = unconverged == 0 || i < unconverged
                    || i == unconverged && settled && rule.safeguard();
            // No more iterates than a row before it, which may have begun anew.
            count = Math.min(count, iterates[i] + 1);
            table.use(at(i), count, plain);
        }
        int newFixed = unconverged == 0 ? end
                : rule.safeguard() && settled && !mendable ? unconverged : unconverged - 1;
        note(newFixed);
        return newFixed;
    }

    /**
     * Notes the residuals as they were measured, before the plain update. A row whose inputs were final and did not move is
     * exact by that update, whatever its residual was.
     */
    private void note(int newFixed) {
        double largestAccepted = 0;
        double largest = 0;
        for (int i = fixed + 1; i <= end; i++) {
            double meanSquare = table.meanSquare(at(i));
            boolean converged = converged(i);
            residuals[i] = i == newFixed && !(converged && largestAccepted > 0) ? 0 : Math.sqrt(meanSquare);
            if (i < newFixed || i == newFixed && converged && largestAccepted > 0) {
                largestAccepted = Math.max(largestAccepted, meanSquare);
            } else if (i > newFixed || !converged) {
                largest = Math.max(largest, meanSquare);
            }
        }
        accepted = Math.max(accepted, Math.sqrt(largestAccepted));
        open = Math.sqrt(largest);
    }

    /** Largest root mean square that a row was accepted with; 0 while all final rows are exact. */
    double accepted() {
        return accepted;
    }

    /** Of one row; a final one that no round has measured follows from those before it. */
    double residual(int row, int lastFinal) {
        double residual = residuals[row];
        return Double.isFinite(residual) ? residual : row <= lastFinal ? 0 : Double.NaN;
    }

    /** Largest of these, and of the rows that were not near enough in the last round; NaN before it. */
    double largest() {
        return Math.max(accepted, open);
    }
}

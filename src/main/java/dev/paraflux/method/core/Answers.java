package dev.paraflux.method.core;

import dev.paraflux.device.Buffer;
import dev.paraflux.method.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers of one sample's cores: taken when they are written down, judged in that order when their changes are known.
 * The first that is near enough to the one before it is the last; those taken after it are as if they had not been. What
 * is told is what was judged.
 */
final class Answers {
    private final CoreRule rule;
    private final int cores;
    private final ChangeMeter meter;
    private final double[] changes;
    /** Of those that are not judged: which answer it is, its row of the program, and what core 0 had passed. */
    private final int[] waiting;
    private final int[] rows;
    private final int[] finalRows;
    private int waitingCount;
    private int taken;
    private int takenRefinements;
    private int judged;
    private int refinements;
    private int lastFinalRows;

    Answers(CoreRule rule, int dim, int cores) {
        this.rule = rule;
        this.cores = cores;
        meter = new ChangeMeter(rule.stop(), dim, cores);
        changes = new double[cores - 1];
        waiting = new int[cores];
        rows = new int[cores];
        finalRows = new int[cores];
    }

    /** @param rounding share that predictions are rounded by */
    void clear(double rounding) {
        meter.begin(rounding);
        waitingCount = 0;
        taken = 0;
        takenRefinements = 0;
        judged = 0;
        refinements = 0;
    }

    /** The number of the last answer taken, 0 if there is none. Core 0's is the last of all, and may come out of turn. */
    int taken() {
        return taken;
    }

    /** Whether no more is to be taken, even if none is near enough. */
    boolean over() {
        return over(taken, takenRefinements);
    }

    private boolean over(int answers, int refined) {
        return answers == cores || refined >= rule.maxRefinements() && answers > 0;
    }

    /**
     * Takes the answer that the row of the work begun last stores.
     *
     * @param number        its number, from 1
     * @param states        has its row ...
     * @param row           ... here ...
     * @param rowBefore     ... and the answer before it here, if there is one
     * @param coreFinalRows how many rows are final
     */
    void take(Work work, int number, Buffer states, int row, int rowBefore, int coreFinalRows) {
        waiting[waitingCount] = number;
        rows[waitingCount] = work.rows().rows() - 1;
        finalRows[waitingCount] = coreFinalRows;
        if (taken == 0) {
            meter.wantFirst(work, waitingCount, states, row);
        } else {
            meter.want(work, waitingCount, states, row, rowBefore);
            takenRefinements++;
        }
        waitingCount++;
        taken = number;
    }

    /** Judges those that were taken, until one ends it. */
    void judge(Work work) {
        for (int k = 0; k < waitingCount && !finished(); k++) {
            if (judged == 0) {
                meter.first(k);
            } else {
                changes[refinements] = meter.change(work.rows(), rows[k], k, refinements + 1);
                refinements++;
            }
            judged = waiting[k];
            lastFinalRows = finalRows[k];
        }
        waitingCount = 0;
    }

    /** Whether the last one that was judged is not to be refined. */
    boolean finished() {
        return converged() || over(judged, refinements);
    }

    boolean exact() {
        return judged == cores;
    }

    boolean converged() {
        return exact() || refinements > 0 && changes[refinements - 1] < meter.limit();
    }

    /** The number of the last answer that was judged, 0 if there is none. */
    int judged() {
        return judged;
    }

    /** How many rows were final when it was taken. */
    int finalRows() {
        return lastFinalRows;
    }

    List<Double> changes() {
        List<Double> list = new ArrayList<>(refinements);
        for (int p = 0; p < refinements; p++) {
            list.add(changes[p]);
        }
        return List.copyOf(list);
    }
}

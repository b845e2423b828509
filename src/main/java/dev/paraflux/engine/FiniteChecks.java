package dev.paraflux.engine;

import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Round;
import java.util.Arrays;
import java.util.List;

/**
 * Whether the predictions of a round are finite: those at final states, each of which would end its run. At a state that is
 * still under way it may be the fault of the state, which the method will mend; nobody asks there.
 */
final class FiniteChecks {
    /** Entries of the round that are asked. */
    private int[] asked = new int[16];
    private int count;
    private int firstSum;

    /** Has sums of squares computed, before a method writes over anything. */
    void ask(Round round, List<Run> runs, RowProgram rows) {
        count = 0;
        firstSum = rows.rows();
        for (int i = 0; i < round.size(); i++) {
            Run run = runs.get(round.sample(i));
            if (run.ending == null && run.solve().isFinal(round.row(i), round.predictionRow(i))) {
                if (count == asked.length) {
                    asked = Arrays.copyOf(asked, 2 * count);
                }
                asked[count++] = i;
                rows.row().plus(1, round.predictions(i), round.predictionRow(i)).squares();
            }
        }
    }

    /** Ends the runs of which one is not finite, once the sums are there. */
    void judge(Round round, List<Run> runs, RowProgram rows) {
        for (int k = 0; k < count; k++) {
            Run run = runs.get(round.sample(asked[k]));
            if (run.ending == null && !Double.isFinite(rows.sum(firstSum + k))) {
                run.ending = Ending.NON_FINITE;
                run.nonFiniteAt(round.row(asked[k]));
            }
        }
    }
}

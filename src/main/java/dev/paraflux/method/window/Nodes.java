package dev.paraflux.method.window;

import dev.paraflux.device.Estimates;
import dev.paraflux.device.RowProgram;

/**
 * The nodes of a window: the rows that a round evaluates; and what the rows between them are taken to predict. A round
 * asks in the order of the methods here; rows are under way from {@code fixed + 1} to {@code end}.
 */
interface Nodes {
    /** No estimate. */
    int NONE = -1;

    /** All of them: nothing is to be said of rows in between. */
    Nodes EVERY_ROW = new Nodes() {
        @Override
        public boolean contains(int i) {
            return true;
        }

        @Override
        public boolean settles(int i) {
            return true;
        }
    };

    /**
     * Chooses the first nodes, where nothing has been predicted yet.
     *
     * @param firstUnevaluated the first row that is to be evaluated as it is final
     */
    default void begin(int firstUnevaluated, int fixed, int end) {}

    /** Whether a row is evaluated in this round, if the system needs its prediction. */
    boolean contains(int i);

    /** Writes what rows are taken to predict, from the last final one that is evaluated on. */
    default void estimate(Estimates estimates) {}

    /** Where the estimate of a row lies that is under way or final; {@link #NONE} where its prediction is the model's. */
    default int estimateOf(int i) {
        return NONE;
    }

    /** Reads what was measured. */
    default void judge(Estimates estimates, Verdict verdict) {}

    /** Whether all predictions that a row follows from are the model's own, of this round or of a row that is final. */
    boolean settles(int i);

    /** Chooses the nodes of the next round, with the window as it will be then. */
    default void choose(int firstUnevaluated, int fixed, int end) {}

    /** Writes down what rows that enter the window are taken to predict. */
    default void enter(RowProgram rows) {}
}

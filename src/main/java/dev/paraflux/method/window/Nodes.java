package dev.paraflux.method.window;

import dev.paraflux.device.RowProgram;

/**
 * The nodes of a window: the rows that a round evaluates; and what the rows between them are taken to predict. A round
 * asks in the order of the methods here; rows are under way from {@code fixed + 1} to {@code end}.
 */
interface Nodes {
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

    /** Writes what the rows between the nodes are taken to predict, and what is to be measured. */
    default void compute(RowProgram rows, int round) {}

    /** Reads what was measured. */
    default void judge(RowProgram rows, Verdict verdict) {}

    /** Whether all predictions that a row follows from are the model's own, of this round or of a row that is final. */
    boolean settles(int i);

    /** Chooses the nodes of the next round, with the window as it will be then. */
    default void choose(int firstUnevaluated, int fixed, int end) {}

    /** Writes down what the rows under way are known to predict, before they move. */
    default void keep(RowProgram rows, int nextRound) {}
}

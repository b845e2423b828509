package dev.paraflux.model.pretrained;

/**
 * How the rows of a call are cut into parts, each a batch for the model's runtime: by their number alone, so that a row's
 * last bits do not depend on which thread had time. Parts differ by one row at most.
 *
 * @param replicas    how many parts can be under way at the same time
 * @param rowsAThread fewest rows that are worth a thread
 * @param most        rows of a part
 */
record Cut(int replicas, int rowsAThread, int most) {

    /** @param whole whether what evaluates a part wants its rows together: threads of the runtime's own, or a device */
    static Cut of(int replicas, boolean whole, int dim, Batching batching) {
        int quick = whole ? batching.most() : Math.max(batching.quickRows(), batching.quickValues() / dim);
        return new Cut(replicas, batching.rowsAThread(), Math.min(quick, batching.most()));
    }

    /** The number of parts of so many rows. */
    int parts(int rows) {
        int full = (rows - 1) / most + 1;
        if (full <= replicas) {
            return Math.max(full, Math.min(replicas, rows / rowsAThread));
        }
        // As many for each of them: one part more would keep them all waiting.
        return Math.min(rows, (full + replicas - 1) / replicas * replicas);
    }

    /** The first row of a part; where it is the number of parts, the number of rows. */
    static int start(int rows, int parts, int part) {
        return rows / parts * part + Math.min(part, rows % parts);
    }

    /** Rows of the smallest parts that calls of several are cut into. */
    int least() {
        return Math.min(rowsAThread, most);
    }
}

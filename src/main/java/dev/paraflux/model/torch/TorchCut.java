package dev.paraflux.model.torch;

/**
 * How the rows of a call are cut into parts, each a batch for libtorch: by their number alone, so that a row's last bits do
 * not depend on which thread had time. Parts differ by one row at most.
 *
 * @param replicas how many parts can be under way at the same time
 * @param most     rows of a part
 */
record TorchCut(int replicas, int most) {
    /** A row alone costs most of what two together do: fewer are not worth a thread. */
    private static final int LEAST = 2;
    /** Convolutions are quickest on about so many rows, whose values the caches hold. */
    private static final int MOST = 12;
    /** Of small rows more are taken at once, since a call itself costs something. */
    private static final int VALUES = 8192;

    /** @param threads libtorch's own, of each part: more than one want their rows together */
    static TorchCut of(int replicas, int threads, int dim) {
        return new TorchCut(replicas, threads > 1 ? Integer.MAX_VALUE : Math.max(MOST, VALUES / dim));
    }

    /** The number of parts of so many rows. */
    int parts(int rows) {
        int full = (rows - 1) / most + 1;
        if (full <= replicas) {
            return Math.max(full, Math.min(replicas, rows / LEAST));
        }
        // As many for each of them: one part more would keep them all waiting.
        return (full + replicas - 1) / replicas * replicas;
    }

    /** The first row of a part; where it is the number of parts, the number of rows. */
    static int start(int rows, int parts, int part) {
        return rows / parts * part + Math.min(part, rows % parts);
    }

    /** Rows of the smallest parts that calls of several are cut into. */
    int least() {
        return Math.min(LEAST, most);
    }
}

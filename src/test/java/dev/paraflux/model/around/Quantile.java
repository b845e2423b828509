package dev.paraflux.model.around;

/** The quantile of an array, as torch.quantile finds it: linear between the two values next to it. */
final class Quantile {
    private Quantile() {}

    /**
     * The value that a share of the values lie below. By Hoare's selection, in time linear in their number; a sort would
     * take longer, and the library's may allocate.
     *
     * @param values finite, 1 or more; their order changes
     * @param share  0 (the least) to 1 (the largest)
     */
    static double of(float[] values, double share) {
        double rank = share * (values.length - 1);
        int below = (int) rank;
        select(values, below);
        if (below == rank) {
            return values[below];
        }
        float above = Float.POSITIVE_INFINITY;
        for (int i = below + 1; i < values.length; i++) {
            above = Math.min(above, values[i]);
        }
        return values[below] + (rank - below) * ((double) above - values[below]);
    }

    /** Puts the value of a rank at its place, no larger ones before it and no smaller ones after it. */
    private static void select(float[] values, int rank) {
        int low = 0;
        int high = values.length - 1;
        while (low < high) {
            float pivot = values[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    float value = values[i];
                    values[i++] = values[j];
                    values[j--] = value;
                }
            }
            if (rank <= j) {
                high = j;
            } else if (rank >= i) {
                low = i;
            } else {
                return;
            }
        }
    }
}

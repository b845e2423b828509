package dev.paraflux.model.around;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.model.GuidanceOptions;

/**
 * The factors of guided rows that bring them back to the standard deviation of their conditional halves (Lin et al., arXiv
 * 2305.08891, section 3.4). Each depends on its row alone. Deviations are taken from the mean, in a second pass over the
 * rows, so that a row of equal values has exactly none.
 */
final class GuidanceRescale {
    private int[] conditional = {};
    private int[] unconditional = {};
    private double[] weight = {};
    private double[] phi = {};
    /** Of both halves of each row. */
    private double[] mean = {};
    private double[] factor = {};
    private int size;

    /** Makes room for so many rows. */
    void reserve(int rows) {
        if (rows > factor.length) {
            conditional = new int[rows];
            unconditional = new int[rows];
            weight = new double[rows];
            phi = new double[rows];
            mean = new double[2 * rows];
            factor = new double[rows];
        }
    }

    /** Forgets all rows. */
    void clear() {
        size = 0;
    }

    /**
     * Adds the next row.
     *
     * @param conditionalRow   where its one half is
     * @param unconditionalRow where its other half is
     * @param options          its weight, and phi: the share of the rescaled prediction in the mixture, 0 to 1
     */
    void add(int conditionalRow, int unconditionalRow, GuidanceOptions options) {
        conditional[size] = conditionalRow;
        unconditional[size] = unconditionalRow;
        weight[size] = options.weight();
        phi[size++] = options.rescale();
    }

    /**
     * Finds the factors: phi std(m_cond) / std(m) + 1 - phi, or 1 where std(m) is 0.
     *
     * @param halves what the rows are rows of
     * @param ones   its row 0 is all 1
     * @param rows   empty, before and afterwards
     */
    void find(Buffer halves, Buffer ones, RowProgram rows, Queue queue) {
        for (int k = 0; k < size; k++) {
            rows.row().plus(1, halves, conditional[k]).total();
            rows.row().plus(1, halves, unconditional[k]).total();
        }
        queue.run(rows);
        queue.await();
        for (int k = 0; k < size; k++) {
            mean[2 * k] = rows.sum(2 * k) / halves.dim();
            mean[2 * k + 1] = rows.sum(2 * k + 1) / halves.dim();
        }
        rows.clear();
        for (int k = 0; k < size; k++) {
            double guided = weight[k] * mean[2 * k] + (1 - weight[k]) * mean[2 * k + 1];
            rows.row().plus(1, halves, conditional[k]).plus(-mean[2 * k], ones, 0).squares();
            rows.row().plus(weight[k], halves, conditional[k]).plus(1 - weight[k], halves, unconditional[k])
                    .plus(-guided, ones, 0).squares();
        }
        queue.run(rows);
        queue.await();
        for (int k = 0; k < size; k++) {
            double squares = rows.sum(2 * k + 1);
            factor[k] = squares == 0 ? 1 : phi[k] * Math.sqrt(rows.sum(2 * k) / squares) + 1 - phi[k];
        }
        rows.clear();
    }

    int size() {
        return size;
    }

    /** The factor of a row, in the order that they were added. */
    double factor(int k) {
        return factor[k];
    }
}

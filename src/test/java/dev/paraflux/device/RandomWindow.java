package dev.paraflux.device;

import java.util.Random;

/**
 * A window of rows with random parents in it or above it, random terms, and states that solve nothing. A table may have it
 * {@value #MOST} times, with results of its own each time.
 */
final class RandomWindow implements AutoCloseable {
    private static final int MOST = 3;

    final int rows;
    final int dim;
    final int[] parents;
    final double[] factors;
    final int[][] inputs;
    final double[][] coefficients;
    final float[][] x;
    final float[][] others;
    final Buffer states;
    final Buffer fixed;
    final Buffer residuals;
    final Buffer maps;
    final WindowTable table;
    final Queue queue;
    final GramState grams;

    /** Row i continues from a row at most {@code reach} rows up; what lies above the window is in {@code fixed}. */
    RandomWindow(int rows, int dim, int reach, Random random) {
        this.rows = rows;
        this.dim = dim;
        parents = new int[rows];
        factors = new double[rows];
        inputs = new int[rows][];
        coefficients = new double[rows][];
        states = Device.byDefault().allocate(rows, dim);
        fixed = Device.byDefault().allocate(rows, dim);
        residuals = Device.byDefault().allocate(MOST * rows, dim);
        maps = Device.byDefault().allocate(MOST * rows, dim);
        x = RandomRows.fill(states, random);
        others = RandomRows.fill(fixed, random);
        table = new WindowTable();
        queue = Device.byDefault().queue();
        grams = new GramState(rows);
        for (int i = 0; i < rows; i++) {
            parents[i] = Math.max(-1, i - 1 - random.nextInt(reach));
            factors[i] = 0.5 + random.nextDouble();
            int terms = random.nextInt(RowProgram.MAX_TERMS);
            inputs[i] = random.ints(terms, 0, rows).toArray();
            coefficients[i] = random.doubles(terms, -1, 1).toArray();
        }
    }

    float[] parentState(int i) {
        return parents[i] < 0 ? others[0] : x[parents[i]];
    }

    /** Makes all rows the table's one window; {@code order} rows are unrolled. */
    void fillTable(int history, int order, boolean carry) {
        table.clear();
        addWindow(history, order, carry);
    }

    /** Puts all rows into another window of the table. */
    void addWindow(int history, int order, boolean carry) {
        int results = table.rows();
        table.begin(history, 0, grams, 0);
        for (int i = 0; i < rows; i++) {
            table.row(states, i, residuals, results + i, maps, results + i);
            table.plus(factors[i], parents[i] < 0 ? fixed : states, Math.max(0, parents[i]));
            for (int k = 0; k < inputs[i].length; k++) {
                table.plus(coefficients[i][k], fixed, inputs[i][k]);
            }
            if (carry && parents[i] >= 0) {
                table.carry(parents[i], factors[i]);
            }
            int row = i;
            double product = 1;
            for (int step = 0; step < order && row >= 0; step++) {
                product *= factors[row];
                row = parents[row];
            }
            if (carry && row >= 0) {
                table.drop(row, product);
            }
        }
    }

    void measure() {
        queue.measure(table);
        queue.await();
    }

    /** F of order k: what the parent's unrolled value makes of row i. */
    double unrolled(int i, int order, int e) {
        if (i < 0) {
            return others[0][e];
        }
        if (order == 0) {
            return x[i][e];
        }
        double sum = factors[i] * unrolled(parents[i], order - 1, e);
        for (int k = 0; k < inputs[i].length; k++) {
            sum += coefficients[i][k] * others[inputs[i][k]][e];
        }
        return sum;
    }

    @Override
    public void close() {
        states.close();
        fixed.close();
        residuals.close();
        maps.close();
        queue.close();
        grams.close();
    }
}

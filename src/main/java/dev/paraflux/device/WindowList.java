package dev.paraflux.device;

import java.util.Arrays;

/** The rows of a {@link WindowTable}, but for their terms, in Java arrays; 0 stands for no address, -1 for no row. */
final class WindowList {
    private static final int HISTORY = WindowTable.MAX_HISTORY;

    final int[] parents;
    final double[] factors;
    final int[] drops;
    final double[] dropFactors;
    final long[] olds;
    private final long[] states;
    private final long[] residuals;
    private final long[] maps;

    WindowList(int capacity) {
        states = new long[capacity];
        residuals = new long[capacity];
        maps = new long[capacity];
        parents = new int[capacity];
        factors = new double[capacity];
        drops = new int[capacity];
        dropFactors = new double[capacity];
        olds = new long[capacity * HISTORY];
    }

    void begin(int i, long state, long residual, long map) {
        states[i] = state;
        residuals[i] = residual;
        maps[i] = map;
        parents[i] = -1;
        drops[i] = -1;
        Arrays.fill(olds, i * HISTORY, (i + 1) * HISTORY, 0);
    }

    void stage(WindowStage stage, int rows) {
        stage.states.java().put(0, states, 0, rows);
        stage.residuals.java().put(0, residuals, 0, rows);
        stage.maps.java().put(0, maps, 0, rows);
        stage.parents.java().put(0, parents, 0, rows);
        stage.factors.java().put(0, factors, 0, rows);
        stage.drops.java().put(0, drops, 0, rows);
        stage.dropFactors.java().put(0, dropFactors, 0, rows);
        stage.olds.java().put(0, olds, 0, rows * HISTORY);
    }
}

package dev.paraflux.model.pretrained;

import dev.paraflux.model.Batch;

/**
 * Which rows of a batch make up which part of a call. A model that takes one time a call is given the rows of each time
 * together, from wherever they stand; else the parts are neighbours.
 */
final class RowOrder {
    private final Cut cut;
    private final boolean oneTime;
    private int[] rows = new int[0];
    private int[] starts = new int[0];
    private boolean[] taken = new boolean[0];
    private boolean identity;
    private int size;
    private int count;

    RowOrder(Cut cut, boolean oneTime) {
        this.cut = cut;
        this.oneTime = oneTime;
    }

    /** Cuts a batch, and gives the number of parts. */
    int of(Batch batch) {
        size = batch.size();
        identity = !oneTime || haveOneTime(batch);
        if (identity) {
            count = cut.parts(size);
            return count;
        }
        reserve();
        int at = 0;
        count = 0;
        for (int i = 0; i < size; i++) {
            if (!taken[i]) {
                int from = at;
                double time = batch.level(i).time();
                for (int j = i; j < size; j++) {
                    if (!taken[j] && batch.level(j).time() == time) {
                        taken[j] = true;
                        rows[at++] = j;
                    }
                }
                addParts(from, at);
            }
        }
        starts[count] = size;
        return count;
    }

    private static boolean haveOneTime(Batch batch) {
        double time = batch.level(0).time();
        for (int i = 1; i < batch.size(); i++) {
            if (batch.level(i).time() != time) {
                return false;
            }
        }
        return true;
    }

    private void reserve() {
        if (rows.length < size) {
            rows = new int[size];
            taken = new boolean[size];
            // Each part has a row at least.
            starts = new int[size + 1];
        }
        java.util.Arrays.fill(taken, 0, size, false);
    }

    private void addParts(int from, int to) {
        int parts = cut.parts(to - from);
        for (int part = 0; part < parts; part++) {
            starts[count++] = from + Cut.start(to - from, parts, part);
        }
    }

    /** Where a part begins, counted in the order of the parts; of the part behind the last, the number of rows. */
    int start(int part) {
        return identity ? Cut.start(size, count, part) : starts[part];
    }

    /** The row of the batch that stands at a place of the order. */
    int row(int place) {
        return identity ? place : rows[place];
    }

    /** Whether neighbours in a part are neighbours in the batch. */
    boolean isIdentity() {
        return identity;
    }
}

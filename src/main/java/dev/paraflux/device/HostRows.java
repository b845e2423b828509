package dev.paraflux.device;

import java.nio.FloatBuffer;

/** Rows of the host's memory. A Java buffer counts bytes in an int, so that large memory is seen through several views. */
final class HostRows implements RowAccess {
    /** Bytes that a Java buffer can count. */
    static final long MAX_VIEW_BYTES = Integer.MAX_VALUE;

    private final int dim;
    private final int rowsPerView;
    private final FloatBuffer[] views;

    HostRows(NativeBlock block, int rows, int dim) {
        this.dim = dim;
        long row = Float.BYTES * (long) dim;
        rowsPerView = (int) Math.min(rows, MAX_VIEW_BYTES / row);
        views = new FloatBuffer[(rows - 1) / rowsPerView + 1];
        for (int v = 0; v < views.length; v++) {
            int first = v * rowsPerView;
            views[v] = block.bytes(first * row, Math.min(rowsPerView, rows - first) * row).asFloatBuffer();
        }
    }

    private FloatBuffer view(int row) {
        return views[row / rowsPerView];
    }

    private int index(int row) {
        return row % rowsPerView * dim;
    }

    @Override
    public void read(int row, float[] into, int offset) {
        view(row).get(index(row), into, offset, dim);
    }

    @Override
    public void read(int row, FloatBuffer into) {
        into.put(into.position(), view(row), index(row), dim);
    }

    @Override
    public void write(int row, float[] from, int offset) {
        view(row).put(index(row), from, offset, dim);
    }

    @Override
    public void write(int row, FloatBuffer from) {
        view(row).put(index(row), from, from.position(), dim);
    }

    @Override
    public float get(int row, int element) {
        return view(row).get(index(row) + element);
    }

    @Override
    public void put(int row, int element, float value) {
        view(row).put(index(row) + element, value);
    }
}

package dev.paraflux.device;

import java.nio.FloatBuffer;

/** Rows in the memory of a CUDA device, as the host sees them: value by value, or a row at a time, beside all queues. */
final class CudaRows implements RowAccess {
    private final CudaWindow window;
    private final NativeBlock block;
    private final int dim;

    CudaRows(CudaWindow window, NativeBlock block, int dim) {
        this.window = window;
        this.block = block;
        this.dim = dim;
    }

    private long address(int row, int element) {
        return block.address() + ((long) row * dim + element) * Float.BYTES;
    }

    @Override
    public void read(int row, float[] into, int offset) {
        read(row, FloatBuffer.wrap(into).position(offset));
    }

    @Override
    public void read(int row, FloatBuffer into) {
        for (int from = 0; from < dim; from += CudaWindow.VALUES) {
            int place = into.position() + from;
            int count = Math.min(CudaWindow.VALUES, dim - from);
            window.read(address(row, from), count, values -> into.put(place, values, 0, count));
        }
    }

    @Override
    public void write(int row, float[] from, int offset) {
        write(row, FloatBuffer.wrap(from).position(offset));
    }

    @Override
    public void write(int row, FloatBuffer from) {
        for (int to = 0; to < dim; to += CudaWindow.VALUES) {
            int place = from.position() + to;
            int count = Math.min(CudaWindow.VALUES, dim - to);
            window.write(address(row, to), count, values -> values.put(0, from, place, count));
        }
    }

    @Override
    public float get(int row, int element) {
        float[] value = new float[1];
        window.read(address(row, element), 1, values -> value[0] = values.get(0));
        return value[0];
    }

    @Override
    public void put(int row, int element, float value) {
        window.write(address(row, element), 1, values -> values.put(0, value));
    }
}

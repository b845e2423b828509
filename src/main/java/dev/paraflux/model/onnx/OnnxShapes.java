package dev.paraflux.model.onnx;

import java.util.List;

/** Shapes as ONNX Runtime takes them. */
final class OnnxShapes {
    private OnnxShapes() {}

    /** [rows, the sizes of a row]. */
    static long[] of(int rows, List<Integer> sizes) {
        long[] shape = new long[1 + sizes.size()];
        shape[0] = rows;
        for (int k = 0; k < sizes.size(); k++) {
            shape[1 + k] = sizes.get(k);
        }
        return shape;
    }

    /** The number of values of a shape. */
    static int values(long[] shape) {
        long values = 1;
        for (long size : shape) {
            values *= size;
        }
        return Math.toIntExact(values);
    }
}

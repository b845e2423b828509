package dev.paraflux.model.onnx;

import dev.paraflux.model.onnx.GraphValue.Size;
import java.util.ArrayList;
import java.util.List;

/**
 * How times are given to a graph.
 *
 * @param given how many there are
 * @param cast  whether they are turned into the type that the graph declares, when they have been given as float32
 */
record TimeForm(Given given, boolean cast) {

    /** How many times there are in a call, and in what shape. */
    enum Given {
        /** One of each row, whatever the graph declares: [rows]. */
        EACH,
        /** One for all rows, in the shape that the graph declares. */
        ONE,
        /** One of each row, which are all the same: [rows]. */
        SAME
    }

    /**
     * The forms that a graph may take, the best first.
     *
     * @param rows that it has always; 0 if it can have any number
     */
    static List<TimeForm> of(GraphValue time, TimePath path, long rows) {
        List<Given> all = new ArrayList<>();
        if (rows != 1 && (!time.isScalar() || path.canBeOpened())) {
            all.add(Given.EACH);
        }
        all.add(Given.ONE);
        if (rows != 1 && !time.isScalar() && time.fixedRows() == 0) {
            all.add(Given.SAME);
        }
        List<TimeForm> forms = new ArrayList<>();
        for (Given given : all) {
            forms.add(new TimeForm(given, false));
            if (time.type() != ElementType.FLOAT32) {
                forms.add(new TimeForm(given, true));
            }
        }
        return forms;
    }

    /** The shape of the times of a call. */
    long[] shape(GraphValue time, int rows) {
        List<Size> sizes = time.sizes();
        if (sizes != null && sizes.isEmpty() && given == Given.ONE) {
            return new long[0];
        }
        long[] shape = new long[sizes == null || sizes.isEmpty() ? 1 : sizes.size()];
        java.util.Arrays.fill(shape, 1);
        shape[0] = given == Given.ONE ? Math.max(1, time.fixedRows()) : rows;
        return shape;
    }
}

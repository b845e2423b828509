package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;

/** Host memory and the CPU kernels. */
final class CpuDevice extends Device {
    static final CpuDevice INSTANCE = new CpuDevice();

    private CpuDevice() {}

    @Override
    public Buffer allocate(int rows, int dim) {
        return new Buffer(this, rows, dim);
    }

    @Override
    void update(RowTable table) {
        Kernels.paraflux_row_update(table.rows(), table.dim(), table.outputs, table.terms.counts,
                table.terms.inputs, table.terms.coefficients);
    }

    @Override
    void norms(RowTable table) {
        Kernels.paraflux_row_norms(table.rows(), table.dim(), table.terms.counts, table.terms.inputs,
                table.terms.coefficients, table.sums);
    }

    @Override
    void change(RowTable table, float low, float high) {
        Kernels.paraflux_row_change(table.rows(), table.dim(), table.outputs, table.terms.counts, table.terms.inputs,
                table.terms.coefficients, table.compared, low, high, table.sums);
    }

    @Override
    void gram(RowTable table, int size) {
        Kernels.paraflux_row_gram(table.rows() / size, size, table.dim(), table.terms.counts, table.terms.inputs,
                table.terms.coefficients, table.sums);
    }

    @Override
    void residuals(WindowTable table, int history) {
        Kernels.paraflux_window_residual(table.rows(), table.dim(), table.terms.counts, table.terms.inputs,
                table.terms.coefficients, table.states, table.parents, table.factors, table.drops, table.dropFactors,
                table.residuals, table.maps, history, table.olds, table.squares, table.dots, table.scratch);
    }

    @Override
    void copy(RowCopies copies) {
        Kernels.paraflux_row_copy(copies.rows(), copies.dim(), copies.from, copies.to);
    }

    @Override
    public String toString() {
        return "cpu (" + instructionSet() + ")";
    }
}

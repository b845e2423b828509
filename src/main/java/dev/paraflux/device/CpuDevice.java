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
        RowStage rows = table.staged();
        Kernels.paraflux_row_update(table.rows(), table.dim(), rows.outputs, rows.terms.counts, rows.terms.inputs,
                rows.terms.coefficients);
    }

    @Override
    void norms(RowTable table) {
        RowStage rows = table.staged();
        Kernels.paraflux_row_norms(table.rows(), table.dim(), rows.terms.counts, rows.terms.inputs,
                rows.terms.coefficients, rows.sums);
    }

    @Override
    void change(RowTable table, float low, float high) {
        RowStage rows = table.staged();
        Kernels.paraflux_row_change(table.rows(), table.dim(), rows.outputs, rows.terms.counts, rows.terms.inputs,
                rows.terms.coefficients, rows.compared, low, high, rows.sums);
    }

    @Override
    void gram(RowTable table, int size) {
        RowStage rows = table.staged();
        Kernels.paraflux_row_gram(table.rows() / size, size, table.dim(), rows.terms.counts, rows.terms.inputs,
                rows.terms.coefficients, rows.sums);
    }

    @Override
    void residuals(WindowTable table, int history) {
        WindowStage rows = table.staged();
        Kernels.paraflux_window_residual(table.rows(), table.dim(), rows.terms.counts, rows.terms.inputs,
                rows.terms.coefficients, rows.states.pointer(), rows.parents.pointer(), rows.factors.pointer(),
                rows.drops.pointer(), rows.dropFactors.pointer(), rows.residuals.pointer(), rows.maps.pointer(),
                history,
                rows.olds.pointer(), rows.squares.pointer(), rows.dots, rows.scratch);
    }

    @Override
    void copy(RowCopies copies) {
        Kernels.paraflux_row_copy(copies.rows(), copies.dim(), copies.sources(), copies.targets());
    }

    @Override
    public String toString() {
        return "cpu (" + instructionSet() + ")";
    }
}

package dev.paraflux.device;

/** Host memory and the CPU kernels. */
final class CpuDevice extends Device {
    static final CpuDevice INSTANCE = new CpuDevice();

    private CpuDevice() {}

    @Override
    public Buffer allocate(int rows, int dim) {
        return new Buffer(this, rows, dim);
    }

    @Override
    public Queue queue() {
        return new CpuQueue(this);
    }

    @Override
    public String toString() {
        return "cpu (" + instructionSet() + ")";
    }
}

package dev.paraflux.device;

/** Host memory and the CPU kernels. */
final class CpuDevice extends Device {
    static final CpuDevice INSTANCE = new CpuDevice();

    private CpuDevice() {}

    @Override
    public Queue queue() {
        return new Queue(this, new CpuLane());
    }

    @Override
    public String toString() {
        return "cpu (" + instructionSet() + ")";
    }
}

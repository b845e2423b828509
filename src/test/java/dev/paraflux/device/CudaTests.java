package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import org.junit.jupiter.api.Assumptions;

/** The device of tests that need one; where there is none they are skipped, and say why. */
public final class CudaTests {
    private CudaTests() {}

    /** The first CUDA device. */
    public static Device device() {
        return device(0);
    }

    /** A CUDA device. */
    public static Device device(int index) {
        Assumptions.assumeTrue(Kernels.paraflux_cuda_device_count() > index, () -> "no CUDA device " + index + ": "
                + Device.cudaMessage());
        return Device.cuda(index);
    }
}

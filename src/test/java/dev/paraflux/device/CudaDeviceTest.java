package dev.paraflux.device;

import org.junit.jupiter.api.BeforeEach;

class CudaDeviceTest extends DeviceContract {
    @Override
    Device device() {
        return CudaTests.device();
    }

    @BeforeEach
    void isThere() {
        device();
    }
}

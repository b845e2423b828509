package dev.paraflux.device;

import org.junit.jupiter.api.BeforeEach;

class CudaQueueTest extends QueueContract {
    @Override
    Device device() {
        return CudaTests.device();
    }

    @BeforeEach
    void isThere() {
        device();
    }
}

package dev.paraflux.device;

class CudaQueueOrderTest extends QueueOrderContract {
    @Override
    Device device() {
        return CudaTests.device();
    }
}

package dev.paraflux.device;

class CudaQueueTest extends QueueContract {
    @Override
    Device device() {
        return CudaTests.device();
    }
}

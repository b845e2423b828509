package dev.paraflux.device;

class CpuQueueTest extends QueueContract {
    @Override
    Device device() {
        return Device.cpu();
    }
}

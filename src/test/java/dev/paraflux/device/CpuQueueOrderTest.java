package dev.paraflux.device;

class CpuQueueOrderTest extends QueueOrderContract {
    @Override
    Device device() {
        return Device.cpu();
    }
}

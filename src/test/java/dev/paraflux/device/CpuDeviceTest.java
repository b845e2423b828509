package dev.paraflux.device;

class CpuDeviceTest extends DeviceContract {
    @Override
    Device device() {
        return Device.cpu();
    }
}

package dev.paraflux.model.torch;

import dev.paraflux.device.Device;
import org.bytedeco.pytorch.global.torch;

/** A device that is the CPU to libtorch. */
public final class StandInTarget {
    private StandInTarget() {}

    /** The device in libtorch's words. */
    public static TorchTarget of(Device device) {
        return new TorchTarget(torch.DeviceType.CPU, (byte) -1, device);
    }
}

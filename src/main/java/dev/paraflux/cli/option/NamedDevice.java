package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;

/** A device by its name, as an option gives it. */
final class NamedDevice {
    private NamedDevice() {}

    /**
     * The device.
     *
     * @param option that names it
     * @throws IllegalValueException naming the option, if there is no such device or it cannot be used
     */
    static Device of(String option, String name) {
        try {
            return Typed.setting("device", option, () -> Device.named(name));
        } catch (IllegalStateException e) {
            throw new IllegalValueException(option, name, Device.cudaDevices().isEmpty()
                    ? "cpu, for there is no CUDA device: " + Device.cudaMessage()
                    : "another one: " + e.getMessage());
        }
    }
}

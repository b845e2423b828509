package dev.paraflux.model.pretrained;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import dev.paraflux.model.Precision;
import java.util.Objects;
import java.util.Optional;

/**
 * How a model file is loaded.
 *
 * @param threads   threads that its runtime itself uses for one batch, 1 to {@link #mostThreads()}. Above 1 a call is
 *                  evaluated as a whole; with 1 its rows are shared among {@linkplain PretrainedDenoiser#setReplicas replicas}
 * @param precision what it calculates with inside; empty for the numbers that the file has
 * @param device    where it works, {@link Device#cuda} for example; empty for the CPU, however it is given. A network that is no denoiser works on
 *                  the CPU whatever this says
 */
public record LoadOptions(int threads, Optional<Precision> precision, Optional<Device> device) {
    /** One thread, the file's own numbers, the CPU. */
    public static final LoadOptions DEFAULT = new LoadOptions(1, Optional.empty(), Optional.empty());

    /** Checks the values. */
    public LoadOptions {
        Require.between(1, mostThreads(), "threads", threads);
        Objects.requireNonNull(precision, "precision");
        device = Objects.requireNonNull(device, "device").filter(where -> !where.isHost());
    }

    /** The same with another number of threads. */
    public LoadOptions withThreads(int number) {
        return new LoadOptions(number, precision, device);
    }

    /** The same with another precision. */
    public LoadOptions withPrecision(Precision other) {
        return new LoadOptions(threads, Optional.of(other), device);
    }

    /** The same on another device. */
    public LoadOptions withDevice(Device where) {
        return new LoadOptions(threads, precision, Optional.of(where));
    }

    /**
     * For a backend whose runtime works on the CPU alone.
     *
     * @throws IllegalValueException if another device is asked for
     */
    public void requireCpu(String runtime) {
        if (device.isPresent()) {
            throw new IllegalValueException("device", device.get(), "the CPU, where " + runtime + " runs models here");
        }
    }

    /** The most threads, and replicas, that can be asked for: 64, or the processors where there are more. */
    public static int mostThreads() {
        return Math.max(64, Runtime.getRuntime().availableProcessors());
    }
}

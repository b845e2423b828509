package dev.paraflux.model.pretrained;

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
 * @param device    where it works, {@link Device#cuda} for example; empty for the CPU, however it is given. A network that is
 *                  no denoiser works on the CPU whatever this says
 * @param graphs    whether calls of TorchScript and AOTInductor on a CUDA device are captured as CUDA graphs, where the model allows it; elsewhere
 *                  there are none. Predictions have the same bits. They keep memory, as much as the largest call takes
 */
public record LoadOptions(int threads, Optional<Precision> precision, Optional<Device> device, boolean graphs) {
    /** One thread, the file's own numbers, the CPU; graphs, were it another device. */
    public static final LoadOptions DEFAULT = new LoadOptions(1, Optional.empty(), Optional.empty(), true);

    /** Checks the values. */
    public LoadOptions {
        Require.between(1, mostThreads(), "threads", threads);
        Objects.requireNonNull(precision, "precision");
        device = Objects.requireNonNull(device, "device").filter(where -> !where.isHost());
    }

    /** The same with another number of threads. */
    public LoadOptions withThreads(int number) {
        return new LoadOptions(number, precision, device, graphs);
    }

    /** The same with another precision. */
    public LoadOptions withPrecision(Precision other) {
        return new LoadOptions(threads, Optional.of(other), device, graphs);
    }

    /** The same on another device. */
    public LoadOptions withDevice(Device where) {
        return new LoadOptions(threads, precision, Optional.of(where), graphs);
    }

    /** The same with graphs, or without. */
    public LoadOptions withGraphs(boolean captured) {
        return new LoadOptions(threads, precision, device, captured);
    }

    /** The most threads, and replicas, that can be asked for: 64, or the processors where there are more. */
    public static int mostThreads() {
        return Math.max(64, Runtime.getRuntime().availableProcessors());
    }
}

package dev.paraflux.model.pretrained;

import dev.paraflux.check.Require;
import dev.paraflux.model.Precision;
import java.util.Objects;
import java.util.Optional;

/**
 * How a model file is loaded.
 *
 * @param threads   threads that its runtime itself uses for one batch, 1 to {@link #mostThreads()}. Above 1 a call is
 *                  evaluated as a whole; with 1 its rows are shared among {@linkplain PretrainedDenoiser#setReplicas replicas}
 * @param precision what it calculates with inside; empty for the numbers that the file has
 */
public record LoadOptions(int threads, Optional<Precision> precision) {
    /** One thread, the file's own numbers. */
    public static final LoadOptions DEFAULT = new LoadOptions(1, Optional.empty());

    /** Checks the values. */
    public LoadOptions {
        Require.between(1, mostThreads(), "threads", threads);
        Objects.requireNonNull(precision, "precision");
    }

    /** The same with another number of threads. */
    public LoadOptions withThreads(int number) {
        return new LoadOptions(number, precision);
    }

    /** The same with another precision. */
    public LoadOptions withPrecision(Precision other) {
        return new LoadOptions(threads, Optional.of(other));
    }

    /** The most threads, and replicas, that can be asked for: 64, or the processors where there are more. */
    public static int mostThreads() {
        return Math.max(64, Runtime.getRuntime().availableProcessors());
    }
}

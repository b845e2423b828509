package dev.paraflux.model.torch;

import dev.paraflux.thread.Apart;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Stack for what libtorch does by recursion: it reads code by its nesting, and goes along a graph from operator to operator
 * where it rewrites one, half a kilobyte for each. On the megabyte that Java's threads have, a module of two thousand
 * operators in a row would end the process without a word. Calls that rewrite nothing need little.
 */
final class TorchRoom {
    /** Pages that are not touched take no memory. */
    private static final long STACK_BYTES = 1L << 28;
    private static final String THREAD = "paraflux-torch";

    private TorchRoom() {}

    /** What may fail while a file is read. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws IOException;
    }

    /** Reads a file, and throws what that throws. */
    static <T> T read(Reading<T> reading) throws IOException {
        Outcome<T> outcome = outcome(reading);
        if (outcome.failure instanceof IOException failure) {
            throw failure;
        }
        return outcome.get();
    }

    /** Does other work, and throws what that throws. */
    static <T> T get(Supplier<T> work) {
        return outcome(work::get).get();
    }

    private record Outcome<T>(T result, Throwable failure) {
        T get() {
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            if (failure instanceof Error error) {
                throw error;
            }
            return result;
        }
    }

    private static <T> Outcome<T> outcome(Reading<T> reading) {
        try {
            return Apart.call(THREAD, STACK_BYTES, () -> done(reading));
        } catch (OutOfMemoryError e) {
            // There can be no more threads. Most modules need no more stack than this one has.
            return done(reading);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static <T> Outcome<T> done(Reading<T> reading) {
        try {
            return new Outcome<>(reading.read(), null);
        } catch (IOException | RuntimeException | Error e) {
            return new Outcome<>(null, e);
        }
    }
}

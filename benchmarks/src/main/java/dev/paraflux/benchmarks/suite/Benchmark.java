package dev.paraflux.benchmarks.suite;

import dev.paraflux.benchmarks.figures.Measured;
import java.util.List;

/**
 * A program that prints a table, and why it is run.
 *
 * @param name        of its results
 * @param what        is measured
 * @param hazard      what would go unseen if it were not
 * @param baseline    what stands beside it
 * @param limit       what it could be at best
 * @param isLong      whether only {@code --long} runs it
 * @param mostSeconds after which it is ended, and has failed
 * @param program     its class
 * @param arguments   of the program
 */
record Benchmark(String name, String what, String hazard, String baseline, String limit, boolean isLong,
        int mostSeconds,
        Class<?> program, List<String> arguments) {
    Measured.Purpose purpose() {
        return new Measured.Purpose(name, what, hazard, baseline, limit, "benchmarks/run --only " + name);
    }
}

package dev.paraflux.benchmarks.suite;

import dev.paraflux.benchmarks.RoundBenchmark;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** What the library itself costs a round, beside the kernel calls without which there is no round: a table from JMH. */
public final class RoundCosts {
    private RoundCosts() {}

    /** @param arguments none */
    public static void main(String[] arguments) throws RunnerException {
        JmhTimes times = new JmhTimes();
        times.run(RoundBenchmark.class, "round|kernels", Map.of("method", "sequential"));
        times.run(RoundBenchmark.class, "round", Map.of("method", "srds,chords", "samples", "1", "dim", "784,16384"));
        System.out.println(
                "| samples x values | method | us a round | kernels alone, us | share of limit | B of garbage a round |");
        System.out.println("|---|---|---|---|---|---|");
        for (String dim : new String[] {"16", "784", "16384"}) {
            for (String samples : new String[] {"1", "10"}) {
                print(times, "sequential", samples, dim);
            }
        }
        for (String method : new String[] {"srds", "chords"}) {
            for (String dim : new String[] {"784", "16384"}) {
                print(times, method, "1", dim);
            }
        }
    }

    private static void print(JmhTimes times, String method, String samples, String dim) {
        Map<String, String> parameters = Map.of("method", method, "samples", samples, "dim", dim);
        double round = times.micros("round", parameters);
        String limit = " | ";
        if (method.equals("sequential")) {
            double kernels = times.micros("kernels", parameters);
            limit = String.format(Locale.ROOT, "%.2f | %.2f", kernels, kernels / round);
        }
        System.out.printf(Locale.ROOT, "| %s x %s | %s | %.2f | %s | %.0f |%n", samples, dim, method, round,
                limit, times.bytes("round", parameters));
    }
}

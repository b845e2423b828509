package dev.paraflux.benchmarks.suite;

import dev.paraflux.benchmarks.ParaTaaBenchmark;
import dev.paraflux.benchmarks.RowBenchmark;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** The kernels beside a copy of as many bytes, tensors in float64, OpenBLAS and plain Java: a table from JMH. */
public final class KernelTimes {
    private KernelTimes() {}

    /** @param arguments none */
    public static void main(String[] arguments) throws RunnerException {
        JmhTimes times = new JmhTimes();
        times.run(RowBenchmark.class, "copy|update|javaLoop|openBlas|tensors",
                Map.of("size", "1x784,100x16384,28x262144"));
        times.run(ParaTaaBenchmark.class, "copy|update|torchTensors|openBlas|javaLoops", Map.of());
        System.out.println(
                "| what | us | copy of as many bytes, us | share of limit | float64 tensors, us | times as long "
                        + "| OpenBLAS, us | times as long | plain Java, us | times as long | B of garbage |");
        System.out.println("|---".repeat(11) + "|");
        for (String size : new String[] {"1x784", "100x16384", "28x262144"}) {
            print(times, "update of " + size.replace("x", " rows of "), Map.of("size", size), "tensors", "javaLoop");
        }
        for (String order : new String[] {"20", "100"}) {
            print(times, "ParaTAA, 100 rows of 16384, order " + order, Map.of("order", order), "torchTensors",
                    "javaLoops");
        }
    }

    private static void print(JmhTimes times, String what, Map<String, String> parameters, String tensors,
            String loops) {
        double ours = times.micros("update", parameters);
        StringBuilder peers = new StringBuilder();
        for (String peer : new String[] {tensors, "openBlas", loops}) {
            double theirs = times.micros(peer, parameters);
            peers.append(String.format(Locale.ROOT, " %.1f | %.1f |", theirs, theirs / ours));
        }
        double copy = times.micros("copy", parameters);
        System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f | %.2f |%s %.0f |%n", what, ours, copy, copy / ours, peers,
                times.bytes("update", parameters));
    }
}

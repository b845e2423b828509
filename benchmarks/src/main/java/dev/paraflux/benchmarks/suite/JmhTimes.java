package dev.paraflux.benchmarks.suite;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Times by JMH, quickly: microseconds of an operation, and its garbage, by method and parameters. */
final class JmhTimes {
    private static final TimeValue ITERATION = TimeValue.milliseconds(500);

    private final Map<String, RunResult> results = new HashMap<>();

    /**
     * Runs methods of a class of benchmarks, and adds their times.
     *
     * @param methods    a pattern of their names
     * @param parameters values by parameter, with commas; the class's own where none are given
     */
    void run(Class<?> type, String methods, Map<String, String> parameters) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder().include(type.getName() + "\\.(" + methods + ")$")
                .addProfiler(GCProfiler.class).forks(1).warmupIterations(2).warmupTime(ITERATION)
                .measurementIterations(3)
                .measurementTime(ITERATION).jvmArgs("-Xmx4g", "--enable-native-access=ALL-UNNAMED")
                .output(Path.of(System.getProperty("java.io.tmpdir"), "paraflux-jmh.log").toString())
                .shouldFailOnError(true);
        parameters.forEach((name, values) -> options.param(name, values.split(",")));
        for (RunResult result : new Runner(options.build()).run()) {
            results.put(key(method(result), values(result)), result);
        }
    }

    private static String method(RunResult result) {
        String name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static Map<String, String> values(RunResult result) {
        Map<String, String> values = new HashMap<>();
        result.getParams().getParamsKeys().forEach(name -> values.put(name, result.getParams().getParam(name)));
        return values;
    }

    private static String key(String method, Map<String, String> parameters) {
        return method + new TreeMap<>(parameters);
    }

    /** Microseconds of an operation. */
    double micros(String method, Map<String, String> parameters) {
        return result(method, parameters).getPrimaryResult().getScore();
    }

    /** Bytes of garbage of an operation. */
    double bytes(String method, Map<String, String> parameters) {
        Result<?> garbage = result(method, parameters).getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm")).findFirst().orElseThrow().getValue();
        return garbage.getScore();
    }

    private RunResult result(String method, Map<String, String> parameters) {
        RunResult result = results.get(key(method, parameters));
        if (result == null) {
            throw new IllegalStateException("JMH did not run " + key(method, parameters));
        }
        return result;
    }
}

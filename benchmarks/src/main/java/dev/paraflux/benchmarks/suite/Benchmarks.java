package dev.paraflux.benchmarks.suite;

import dev.paraflux.benchmarks.load.ControlLoop;
import dev.paraflux.benchmarks.load.HttpLoad;
import dev.paraflux.benchmarks.load.LoadTest;
import dev.paraflux.benchmarks.load.Throughput;
import dev.paraflux.benchmarks.study.Convergence;
import dev.paraflux.benchmarks.study.DefaultRuns;
import dev.paraflux.benchmarks.study.Distances;
import dev.paraflux.benchmarks.study.FirstPicture;
import dev.paraflux.benchmarks.study.IiaCoarse;
import dev.paraflux.benchmarks.study.IiaMixture;
import dev.paraflux.benchmarks.study.IiaRatios;
import dev.paraflux.benchmarks.study.MethodTimes;
import dev.paraflux.benchmarks.study.ModelCalls;
import dev.paraflux.benchmarks.study.Papers;
import dev.paraflux.benchmarks.study.SequentialSteps;
import dev.paraflux.benchmarks.study.SolverRounds;
import dev.paraflux.benchmarks.study.SparseRounds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All that the suite measures: what for, beside what, and how good it could be. */
final class Benchmarks {
    private static final Path RESOURCES = Path.of("src", "main", "resources");
    private static final String ROUNDS_ALONE = "N / rounds: a round of any size takes no longer than a step";
    private static final String SEQUENTIAL = "sequential sampling, in turns with the others";
    private static final String NO_TIME = "none: what is counted does not depend on the machine";

    private final List<Benchmark> all = new ArrayList<>();

    private Benchmarks() {}

    /**
     * @param root   of the source tree
     * @param models a folder with other files of the demo model; null for none
     * @param python to run the peers' loop by
     */
    static List<Benchmark> all(Path root, Path models, String python) {
        Benchmarks benchmarks = new Benchmarks();
        benchmarks.quick(root, others(models), python);
        benchmarks.slow();
        return benchmarks.all;
    }

    private static List<String> others(Path models) {
        if (models == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(models.toAbsolutePath())) {
            return files.map(Path::toString).filter(file -> file.endsWith(".onnx") || file.endsWith(".pt2")).sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of the demo model in the source tree. */
    private static String demo(Path root) {
        try (Stream<Path> files = Files.walk(root.resolve(RESOURCES))) {
            return files.filter(file -> file.endsWith("digits.pt")).findFirst().orElseThrow().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void quick(Path root, List<String> files, String python) {
        add(FirstPicture.class, "picture", "how long a person waits who types ./paraflux sample",
                "the start of Java and of libtorch grows unseen, since nothing else starts them",
                "the model's own time",
                "the model's own time: nothing else takes any");
        List<String> same = new ArrayList<>(List.of(python, demo(root)));
        files.stream().filter(file -> file.endsWith("digits.onnx")).forEach(same::add);
        add(SequentialSteps.class, "steps",
                "a step of sequential sampling, beside Python's own loop with the same model file",
                "what is around the model costs more than Python does",
                "PyTorch's loop in Python, on one thread and on all",
                "Paraflux: every loop of the same model does the same arithmetic", same.toArray(String[]::new));
        add(MethodTimes.class, "demo", "methods on the demo model, guided, on the CPU",
                "a method wins on rounds, and loses time",
                SEQUENTIAL, ROUNDS_ALONE, "demo", "50,100", "2", "15");
        add(MethodTimes.class, "demo-1000", "methods on the demo model with many steps, unguided, on the CPU",
                "what holds for few steps is taken to hold for many", SEQUENTIAL, ROUNDS_ALONE, "demo", "1000", "1",
                "45");
        add(MethodTimes.class, "steady",
                "methods where a call of the model takes 5 ms whatever the batch: the library's own "
                        + "overhead, on an exact mixture",
                "what a method does between two calls eats what it gains", SEQUENTIAL,
                ROUNDS_ALONE, "steady", "100", "1", "15");
        add(MethodTimes.class, "steady-961", "the same, SRDS at its paper's longest trajectory",
                "many cores wait for each other", SEQUENTIAL, ROUNDS_ALONE, "steady", "961", "1", "15", "srds");
        add(MethodTimes.class, "steady-1000",
                "the same, methods of windows with 1000 steps, sparse rounds also with 256 rows at "
                        + "most",
                "rounds of many rows cost more beside the model than they save", SEQUENTIAL, ROUNDS_ALONE, "steady",
                "1000", "1", "30", "picard,parataa,sparse,parataa:window 100,sparse:cap 256");
        add(Throughput.class, "clients", "clients that share a sampler, where a call takes 5 ms whatever the batch",
                "requests wait for each other, though the model has room",
                "a turnstile, which lets one call through at a time",
                "clients x N / (N + 1): who comes during a call waits for its end", "sleep", "4", "10", "25");
        add(HttpLoad.class, "http", "the image service of the examples under load, on the CPU",
                "a service adds what a sampler does not show", "the same service drawing one sample at a time",
                "one client alone: there is no core left that a second one could have", "4");
        add(ControlLoop.class, "control", "a control loop of 1 kHz: 64 values, 10 steps",
                "a tail, or garbage, that a mean hides",
                "the call without memory of the caller's own", "the model's ten calls by themselves", "5");
        add(RoundCosts.class, "rounds", "what the library itself costs a round, with a model that writes zeros",
                "the engine costs more than the arithmetic", "SRDS and CHORDS, with more rows a round",
                "the kernel calls without which there is no round");
        add(KernelTimes.class, "kernels", "the native kernels",
                "a kernel is slower than what anybody could call instead",
                "the same in float64 tensors, as official codes have it, by OpenBLAS, and in plain Java",
                "a copy of as many bytes; below that a kernel that stays in the caches can be");
        add(ModelCalls.class, "calls", "a call of the demo model by who runs it, in ms: median (least)",
                "a runtime, a precision or a number of threads that is slower than another", "libtorch on one thread",
                "a row takes what one takes of the largest batch", files.toArray(String[]::new));
        List<String> defaults = new ArrayList<>(List.of("demo"));
        files.stream().filter(file -> file.endsWith("digits.onnx")).forEach(defaults::add);
        add(DefaultRuns.class, "defaults", "whole calls by what runs with no option given, in ms: median (least)",
                "a default that anybody could better by an option",
                "one replica, all replicas, the runtime's own threads",
                "the best of them", defaults.toArray(String[]::new));
        add(IiaRatios.class, "iia", "corrected steps, and what it takes to fit them",
                "a fit that gains nothing on seeds it has "
                        + "not seen",
                "the plain solver with as many steps", "0: the fine solver's own samples", "1", "10", "64", "32",
                "128", "5,10", "ddim:EVALUATIONS");
        add(Papers.class, "papers",
                "headline claims of papers by one criterion: rounds until the sample is within 1 pixel of the "
                        + "sequential one",
                "rules of different papers are compared as if they were one", "the sequential sample", NO_TIME);
    }

    private void slow() {
        addLong(Convergence.class, "convergence", "rounds to the true error, N = 100, guidance 5",
                "a rule stops early or late",
                "the sequential sample", NO_TIME, "docs/pictures/convergence.png");
        addLong(SolverRounds.class, "solver-rounds", "rounds of every solver in every method",
                "a solver that does not converge",
                "DDIM", NO_TIME);
        addLong(IiaMixture.class, "iia-mixture", "corrected steps where the truth is known",
                "a fit to the solver's own error",
                "Heun", "0: the true flow");
        addLong(IiaCoarse.class, "iia-coarse", "corrected steps as SRDS's coarse step",
                "a fit that the correction does anyway",
                "DDIM", NO_TIME);
        for (String mode : new String[] {"report", "stops", "caps"}) {
            addLong(SparseRounds.class, "sparse-" + mode, "sparse rounds beside ParaTAA and Picard: " + mode,
                    "evaluations are saved and rounds lost", "ParaTAA over all rows", NO_TIME, mode);
        }
        addLong(Distances.class, "distances", "how far from the sequential sample methods end",
                "a tolerance that means another "
                        + "distance for another number of steps",
                "the rules of the papers", "the distance that was asked for", "report");
        addLong(LoadTest.class, "load", "ten thousand mixed requests: none lost, late, or with other bits",
                "what happens once in a thousand calls", "the same samples drawn alone", NO_TIME, "sleep");
    }

    private void add(Class<?> program, String name, String what, String hazard, String baseline, String limit,
            String... arguments) {
        all.add(new Benchmark(name, what, hazard, baseline, limit, false, 1800, program, List.of(arguments)));
    }

    private void addLong(Class<?> program, String name, String what, String hazard, String baseline, String limit,
            String... arguments) {
        all.add(new Benchmark(name, what, hazard, baseline, limit, true, 7200, program, List.of(arguments)));
    }
}

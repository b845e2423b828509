package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.method.Method;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.method.window.Unrolling;
import dev.paraflux.model.around.Guidance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Sparse rounds against ParaTAA over all rows and in windows, and against Picard: rounds and evaluations to a true error, the
 * tables of docs/sparse-rounds.md: what is reported; the choice of the constants, on digits and mixtures of its own; and caps.
 *
 * <pre>benchmarks/run study SparseRounds (report|choose|caps|stops) [problem ...]</pre>
 *
 * <p>{@code stops} are runs to the default tolerance instead, by their own rule.
 */
public final class SparseRounds {
    private static final double[] LEVELS = {1e-1, 1e-2, 1e-3};

    private SparseRounds() {}

    /** @param arguments the set, and beginnings of the names of problems; all of them if there are none */
    public static void main(String[] arguments) {
        String mode = arguments[0];
        List<String> wanted = List.of(arguments).subList(1, arguments.length);
        System.out.println(mode.equals("stops") ? "| problem | method | rounds | evaluations | error |"
                : "| problem | method | rounds to 0.1 | to 0.01 | to 0.001 | evaluations | run by run |");
        System.out.println(mode.equals("stops") ? "|---|---|---|---|---|" : "|---|---|---|---|---|---|---|");
        try (SparseProblems problems = new SparseProblems(mode.equals("choose"))) {
            for (SparseProblems.Problem problem : problems.all()) {
                if (wanted.isEmpty() || wanted.stream().anyMatch(problem.name()::startsWith)) {
                    print(problem, switch (mode) {
                        case "choose" -> choices(problem.rows());
                        case "caps" -> caps();
                        case "stops" -> stops(problem.rows());
                        case "report" -> methods(problem.rows());
                        default -> throw new IllegalValueException("set", mode, "report, choose, caps or stops");
                    }, mode.equals("stops"));
                }
            }
        }
    }

    private static void print(SparseProblems.Problem problem, Map<String, Method> methods, boolean toTheEnd) {
        List<float[]> references;
        try (Guidance guided = Guidance.of(problem.model(), problem.guidance());
                Sampler sequential = Sampler.builder(guided, problem.grid()).solver(problem.solver()).build()) {
            references = problem.requests().stream().map(sequential::sample).map(Sample::values).toList();
            methods.forEach((name, method) -> {
                try (Sampler sampler = Sampler.builder(guided, problem.grid()).solver(problem.solver()).method(method)
                        .maxBatch(256).build()) {
                    List<ErrorCurve> curves = new ArrayList<>();
                    for (int s = 0; s < references.size(); s++) {
                        Request request = problem.requests().get(s);
                        curves.add(toTheEnd ? ErrorCurve.of(sampler, request, references.get(s))
                                : ErrorCurve.of(sampler, request, references.get(s), LEVELS[2]));
                    }
                    System.out.println("| " + problem.name() + " | " + name + " | "
                            + (toTheEnd ? ends(curves) : words(curves)) + " |");
                }
            });
        }
    }

    private static String words(List<ErrorCurve> curves) {
        StringBuilder words = new StringBuilder();
        for (double level : LEVELS) {
            words.append(String.format("%.1f | ",
                    curves.stream().mapToInt(curve -> curve.roundsTo(level)).average().orElseThrow()));
        }
        words.append(String.format("%.0f | ",
                curves.stream().mapToInt(curve -> curve.evaluationsTo(LEVELS[2])).average().orElseThrow()));
        return words.append(curves.stream().map(curve -> curve.roundsTo(LEVELS[0]) + "/" + curve.roundsTo(LEVELS[1])
                + "/" + curve.roundsTo(LEVELS[2])).collect(Collectors.joining(", "))).toString();
    }

    private static String ends(List<ErrorCurve> curves) {
        return String.format("%.1f | %.0f | %.5f",
                curves.stream().mapToInt(curve -> curve.errors().size()).average().orElseThrow(),
                curves.stream().mapToInt(ErrorCurve::allEvaluations).average().orElseThrow(),
                curves.stream().mapToDouble(ErrorCurve::lastError).average().orElseThrow());
    }

    /** Tolerances so small that the curves go on to the end; in drift form. */
    private static ParaTaa all() {
        return ParaTaa.defaults().withUnrolling(Unrolling.DRIFT).withTolerance(Tolerance.residual(0, 1e-5));
    }

    private static Map<String, Method> methods(int rows) {
        Map<String, Method> methods = new LinkedHashMap<>();
        SparseParaTaa sparse = SparseParaTaa.of(all());
        if (rows > 400) {
            methods.put("Picard, window 100",
                    Picard.defaults().withUnrolling(Unrolling.DRIFT).withTolerance(Tolerance.steps(1e-5)));
            methods.put("ParaTAA, window 100", all().withWindow(100));
            methods.put("ParaTAA, window 256", all().withWindow(256));
            methods.put("ParaTAA, all rows", all());
            methods.put("sparse rounds", sparse);
            methods.put("sparse rounds, cap 256", sparse.withCap(256));
            methods.put("sparse rounds, cap 128", sparse.withCap(128));
        } else {
            methods.put("Picard",
                    Picard.defaults().withUnrolling(Unrolling.DRIFT).withTolerance(Tolerance.steps(1e-5)));
            methods.put("ParaTAA", all());
            methods.put("sparse rounds", sparse);
        }
        return methods;
    }

    private static Map<String, Method> caps() {
        Map<String, Method> methods = new LinkedHashMap<>();
        for (int rows : new int[] {100, 128, 192, 256}) {
            methods.put("ParaTAA, window " + rows, all().withWindow(rows));
            methods.put("sparse rounds, cap " + rows, SparseParaTaa.of(all()).withCap(rows));
        }
        methods.put("sparse rounds", SparseParaTaa.of(all()));
        return methods;
    }

    private static Map<String, Method> stops(int rows) {
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put("Picard", Picard.defaults());
        methods.put("ParaTAA, window 100", ParaTaa.defaults().withWindow(100));
        if (rows <= 400) {
            methods.put("ParaTAA, all rows", ParaTaa.defaults());
        }
        methods.put("sparse rounds", SparseParaTaa.defaults());
        return methods;
    }

    /** The constants that were tried. */
    private static Map<String, Method> choices(int rows) {
        Map<String, Method> methods = new LinkedHashMap<>();
        SparseParaTaa sparse = SparseParaTaa.of(all());
        if (rows <= 400) {
            methods.put("ParaTAA", all());
        }
        for (double theta : new double[] {0.01, 0.02, 0.03, 0.05}) {
            for (double kappa : new double[] {12, 18, 24}) {
                methods.put("theta " + theta + ", kappa " + kappa, sparse.withTheta(theta).withKappa(kappa));
            }
        }
        methods.put("density 6", sparse.withDensity(6));
        methods.put("density 24", sparse.withDensity(24));
        return methods;
    }
}

package dev.paraflux.benchmarks.study;

import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.io.ImageGrid;
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

/**
 * How far from the sequential sample methods end, by the distance that they are told and by the rules of the papers, and in
 * how many rounds: the tables of tolerances and forms in docs/methods.md.
 *
 * <pre>benchmarks/run study Distances (report|choose) [problem ...]</pre>
 */
public final class Distances {
    /** More rows than these are solved in windows of 100. */
    private static final int ALL_ROWS = 400;

    private Distances() {}

    /** @param arguments the set, and beginnings of the names of problems; all of them if there are none */
    public static void main(String[] arguments) {
        List<String> wanted = List.of(arguments).subList(1, arguments.length);
        System.out.println("| problem | method | tolerance | rounds | evaluations | pixels, mean | largest |");
        System.out.println("|---|---|---|---|---|---|---|");
        try (SparseProblems problems = new SparseProblems(arguments[0].equals("choose"))) {
            for (SparseProblems.Problem problem : problems.all()) {
                if (wanted.isEmpty() || wanted.stream().anyMatch(problem.name()::startsWith)) {
                    print(problem);
                }
            }
        }
    }

    private static void print(SparseProblems.Problem problem) {
        try (Guidance guided = Guidance.of(problem.model(), problem.guidance());
                Sampler sequential = Sampler.builder(guided, problem.grid()).solver(problem.solver()).build()) {
            List<float[]> references = problem.requests().stream().map(sequential::sample).map(Sample::values).toList();
            methods(problem.rows()).forEach((name, method) -> {
                try (Sampler sampler = Sampler.builder(guided, problem.grid()).solver(problem.solver()).method(method)
                        .maxBatch(256).build()) {
                    List<ErrorCurve> curves = new ArrayList<>();
                    for (int s = 0; s < references.size(); s++) {
                        curves.add(ErrorCurve.of(sampler, problem.requests().get(s), references.get(s)));
                    }
                    System.out.printf("| %s | %s | %.1f | %.0f | %.4f | %.4f |%n", problem.name(), name,
                            curves.stream().mapToInt(curve -> curve.errors().size()).average().orElseThrow(),
                            curves.stream().mapToInt(ErrorCurve::allEvaluations).average().orElseThrow(),
                            ImageGrid.PIXELS_OF_UNIT
                                    * curves.stream().mapToDouble(ErrorCurve::lastError).average().orElseThrow(),
                            ImageGrid.PIXELS_OF_UNIT
                                    * curves.stream().mapToDouble(ErrorCurve::lastError).max().orElseThrow());
                }
            });
        }
    }

    private static Map<String, Method> methods(int rows) {
        Map<String, Method> methods = new LinkedHashMap<>();
        Picard picard = Picard.defaults().withUnrolling(Unrolling.DRIFT);
        ParaTaa all = ParaTaa.defaults().withWindow(ParaTaa.ALL).withUnrolling(Unrolling.DRIFT);
        ParaTaa paraTaa = rows > ALL_ROWS ? all.withWindow(100) : all;
        Tolerance near = Tolerance.pixels(0.03);
        Tolerance far = Tolerance.pixels(0.3);
        methods.put("Picard | steps 1e-4", picard.withTolerance(Tolerance.steps(1e-4)));
        methods.put("ParaTAA | residual 1e-4", paraTaa.withTolerance(Tolerance.residual(0, 1e-4)));
        methods.put("sparse | residual 1e-4", SparseParaTaa.of(all.withTolerance(Tolerance.residual(0, 1e-4))));
        for (Unrolling form : new Unrolling[] {Unrolling.DRIFT, Unrolling.GAUSSIAN}) {
            String name = form == Unrolling.DRIFT ? "" : ", Gaussian";
            methods.put("Picard" + name + " | 0.03", picard.withUnrolling(form).withTolerance(near));
            methods.put("ParaTAA" + name + " | 0.03", paraTaa.withUnrolling(form).withTolerance(near));
            methods.put("sparse" + name + " | 0.03", SparseParaTaa.of(all.withUnrolling(form).withTolerance(near)));
        }
        methods.put("Picard, Gaussian | 0.3", picard.withUnrolling(Unrolling.GAUSSIAN).withTolerance(far));
        methods.put("ParaTAA, Gaussian | 0.3", paraTaa.withUnrolling(Unrolling.GAUSSIAN).withTolerance(far));
        methods.put("sparse, Gaussian | 0.3",
                SparseParaTaa.of(all.withUnrolling(Unrolling.GAUSSIAN).withTolerance(far)));
        return methods;
    }
}

package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the headline claims of the papers come to on the models at hand, by one criterion for all: rounds until the sample stays
 * within a root mean square of one pixel of 255 of the sequential sample, and of a tenth of one, whatever a method's own rule
 * says. Windows go by their default tolerance, which is less; SRDS and CHORDS are not stopped. A round is one call of the model.
 * Means of three samples: the table of docs/papers.md.
 *
 * <pre>benchmarks/run study Papers [ROW ...]</pre>
 */
public final class Papers {
    private static final double PIXEL = 2 / 255.0;
    private static final double FINE = 0.1;
    private static final int SAMPLES = 3;
    private static final int[] LABELS = {3, 8, 5};
    private static final double GUIDANCE = 2;

    /** A row of the table. */
    private record Row(String name, boolean digits, Solver solver, String solverName, int steps, Method method) {}

    private Papers() {}

    private static List<Row> rows() {
        Ddim ddim = new Ddim();
        StopRule never = StopRule.pixels(0);
        Picard picard = Picard.defaults();
        ParaTaa paraTaa = ParaTaa.defaults();
        Srds srds = Srds.defaults().withStop(never);
        List<Row> rows = new ArrayList<>();
        for (boolean digits : new boolean[] {true, false}) {
            rows.add(new Row("paradigms-1000", digits, new Ddpm(), "DDPM", 1000, picard));
            rows.add(new Row("paradigms-200", digits, ddim, "DDIM", 200, picard));
            rows.add(new Row("paradigms-100", digits, new Ddpm(), "DDPM", 100, picard));
            rows.add(new Row("parataa-100", digits, ddim, "DDIM", 100, paraTaa));
            rows.add(new Row("parataa-ddpm-100", digits, new Ddpm(), "DDPM", 100, paraTaa));
            rows.add(new Row("sparse-1000", digits, ddim, "DDIM", 1000, SparseParaTaa.of(paraTaa)));
            rows.add(new Row("srds-25", digits, ddim, "DDIM", 25, srds));
            rows.add(new Row("srds-100", digits, ddim, "DDIM", 100, srds));
            rows.add(new Row("srds-961", digits, ddim, "DDIM", 961, srds));
            rows.add(new Row("chords-4", digits, ddim, "DDIM", 50, Chords.ofCores(4).withStop(never)));
            rows.add(new Row("chords-8", digits, ddim, "DDIM", 50, Chords.ofCores(8).withStop(never)));
            rows.add(new Row("chords-8-100", digits, ddim, "DDIM", 100, Chords.ofCores(8).withStop(never)));
        }
        return rows;
    }

    /** @param arguments names of rows; all of them if there are none */
    public static void main(String[] arguments) {
        List<Row> rows = rows();
        for (String wanted : arguments) {
            if (rows.stream().noneMatch(row -> row.name().equals(wanted))) {
                throw new IllegalValueException("row", wanted,
                        "one of " + rows.stream().map(Row::name).distinct().toList());
            }
        }
        System.out.println("| row | model | solver | N | rounds to 1 pixel | N / rounds | evaluations / N "
                + "| rounds to 0.1 pixels | N / rounds to 0.1 pixels |");
        System.out.println("|---".repeat(9) + "|");
        try (PretrainedDenoiser digits = DemoModel.load();
                Guidance guided = Guidance.of(digits, GUIDANCE);
                Denoiser mixture = SparseProblems.mixture(70)) {
            for (Row row : rows) {
                if (arguments.length == 0 || List.of(arguments).contains(row.name())) {
                    print(row, row.digits() ? guided : mixture, digits.card().scheduler().grid(row.steps()));
                }
            }
        }
    }

    private static void print(Row row, Denoiser model, TimeGrid grid) {
        List<ErrorCurve> curves = new ArrayList<>();
        try (Sampler sequential = Sampler.builder(model, grid).solver(row.solver()).build();
                Sampler sampler = Sampler.builder(model, grid).solver(row.solver()).method(row.method()).maxBatch(256)
                        .build()) {
            for (Request request : requests()) {
                Sample reference = sequential.sample(request);
                curves.add(ErrorCurve.of(sampler, request, reference.values(), FINE * PIXEL));
            }
        }
        int steps = row.steps();
        double rounds = mean(curves, PIXEL);
        double finer = mean(curves, FINE * PIXEL);
        double evaluations = curves.stream().mapToInt(curve -> curve.evaluationsTo(PIXEL)).average().orElseThrow();
        System.out.printf(Locale.ROOT, "| %s | %s | %s | %d | %.1f | %.1f | %.1f | %.1f | %.1f |%n", row.name(),
                row.digits() ? "digits" : "mixture", row.solverName(), steps, rounds, steps / rounds,
                evaluations / steps,
                finer, steps / finer);
    }

    private static double mean(List<ErrorCurve> curves, double level) {
        return curves.stream().mapToInt(curve -> curve.roundsTo(level)).average().orElseThrow();
    }

    private static List<Request> requests() {
        return IntStream.range(0, SAMPLES).mapToObj(s -> Request.seed(40 + s).withLabel(LABELS[s])).toList();
    }
}

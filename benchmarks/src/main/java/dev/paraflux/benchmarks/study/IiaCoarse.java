package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.iia.Correction;
import dev.paraflux.iia.CorrectionVectors;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.iia.IiaFitter;
import dev.paraflux.method.core.CoarseStep;
import dev.paraflux.method.core.Srds;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a coarse step that IIA has fitted to the fine blocks does to SRDS's refinements: a table of docs/iia.md. The
 * demo model, DDIM, square root of N blocks, to the paper's tolerance.
 *
 * <pre>benchmarks/run study IiaCoarse</pre>
 */
public final class IiaCoarse {
    private static final int[] STEPS = {25, 100, 196};
    private static final double[] GUIDANCE = {1, 3};
    private static final int SAMPLES = 32;
    private static final long TEST_SEED = 2_000_000;

    private IiaCoarse() {}

    /** @param arguments none */
    public static void main(String[] arguments) {
        System.out.println(
                "| guidance | N | coarse step | held-out ratio | first change | refinements | rounds | evaluations |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        try (PretrainedDenoiser model = DemoModel.load()) {
            for (double weight : GUIDANCE) {
                // Not closed: that would close the model.
                Guidance guided = Guidance.of(model, weight);
                for (int steps : STEPS) {
                    compare(guided, model.card().scheduler().grid(steps), weight);
                }
            }
        }
    }

    private static void compare(Guidance guided, TimeGrid grid, double weight) {
        Srds srds = Srds.defaults();
        TimeGrid blocks = srds.coarseGrid(new Ddim().system(grid, guided.prediction()));
        IiaCoefficients fitted = IiaFitter.builder(guided, blocks).fineGrid(grid)
                .corrections(Correction.by(CorrectionVectors.EVALUATIONS)).conditions(IiaRatios.labels())
                .samples(SAMPLES)
                .heldOut(SAMPLES / 2).fit();
        print(guided, grid, srds, String.format("| %.0f | %d | DDIM | ", weight, grid.steps()));
        CoarseStep corrected = CoarseStep.atBoundaries(fitted.solver(new Ddim(), guided));
        print(guided, grid, srds.withCoarse(corrected),
                String.format("| %.0f | %d | corrected | %.2f", weight, grid.steps(), fitted.ratio()));
    }

    private static void print(Guidance guided, TimeGrid grid, Srds method, String begin) {
        List<Request> requests = IntStream.range(0, 10).mapToObj(s -> Request.seed(TEST_SEED + s).withLabel(s))
                .toList();
        try (Sampler sampler = Sampler.builder(guided, grid).method(method).build()) {
            List<Sample> samples = sampler.sample(requests);
            System.out.printf("%s | %.2f | %.1f | %.1f | %.1f |%n", begin,
                    mean(samples, sample -> sample.stats().changes().get(0)),
                    mean(samples, sample -> sample.stats().refinements()),
                    mean(samples, sample -> sample.stats().rounds()),
                    mean(samples, sample -> sample.stats().evaluations()));
        }
    }

    private static double mean(List<Sample> samples, ToDoubleFunction<Sample> value) {
        return samples.stream().mapToDouble(value).average().orElseThrow();
    }
}

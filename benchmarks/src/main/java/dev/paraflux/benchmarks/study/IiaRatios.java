package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.iia.Correction;
import dev.paraflux.iia.CorrectionVectors;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.iia.IiaFitter;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Ipndm;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.Spndm;
import dev.paraflux.solver.UniPc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How near to the solver with 250 evaluations samples of few steps come, plain and corrected by IIA: the tables of
 * docs/iia.md. The demo model; root mean square differences over seeds that neither a fit nor its check has seen.
 *
 * <pre>benchmarks/run study IiaRatios GUIDANCE FINE SAMPLES HELD_OUT TEST NFE,... [SOLVER:VECTORS...]</pre>
 */
public final class IiaRatios {
    private static final int REFERENCE_EVALUATIONS = 250;
    private static final long TEST_SEED = 2_000_000;

    /** A solver, what its steps cost, and how it is corrected. */
    private record Variant(String name, Solver solver, int stages, Correction correction) {
        /** The most steps that take no more evaluations; a step into sigma = 0 has one stage. */
        int steps(int evaluations) {
            return (evaluations + stages - 1) / stages;
        }

        int evaluations(int steps) {
            return stages * steps - (stages - 1);
        }
    }

    private IiaRatios() {}

    private static List<Variant> variants() {
        Correction differences = Correction.by(CorrectionVectors.DIFFERENCES);
        Correction noise = Correction.by(CorrectionVectors.NOISE);
        Correction evaluations = new Correction(CorrectionVectors.EVALUATIONS, 1);
        List<Variant> variants = new ArrayList<>();
        for (Correction correction : List.of(noise, differences, evaluations)) {
            variants.add(new Variant("ddim", new Ddim(), 1, correction));
            variants.add(new Variant("dpm++-2m", new DpmSolverPlusPlus(2), 1, correction));
            variants.add(new Variant("spndm", new Spndm(), 1, correction));
            variants.add(new Variant("ipndm", new Ipndm(4), 1, correction));
            variants.add(new Variant("unipc-2", new UniPc(2), 1, correction));
        }
        variants.add(new Variant("heun", new Heun(), 2, Correction.by(CorrectionVectors.SLOPES)));
        variants.add(new Variant("heun", new Heun(), 2, new Correction(CorrectionVectors.RESIDUES, 1)));
        return variants;
    }

    /** @param arguments guidance; fine steps; calibration, held-out, test seeds; evaluations; variants, if not all */
    public static void main(String[] arguments) {
        List<String> wanted = List.of(arguments).subList(6, arguments.length);
        int fine = Integer.parseInt(arguments[1]);
        int[] seeds = Stream.of(arguments).skip(2).limit(3).mapToInt(Integer::parseInt).toArray();
        int[] budgets = Stream.of(arguments[5].split(",")).mapToInt(Integer::parseInt).toArray();
        Map<String, List<float[]>> references = new HashMap<>();
        System.out.println(
                "| solver | vectors | evaluations | plain | corrected | ratio | kept | held-out ratio | fit, s |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        try (PretrainedDenoiser model = DemoModel.load();
                Guidance guided = Guidance.of(model, Double.parseDouble(arguments[0]))) {
            for (Variant variant : variants()) {
                if (wanted.isEmpty() || wanted.contains(variant.name() + ":" + variant.correction().vectors())) {
                    int steps = variant.steps(REFERENCE_EVALUATIONS);
                    List<float[]> reference = references.computeIfAbsent(variant.name(), name -> draw(guided,
                            model.card().scheduler().grid(steps), variant.solver(), seeds[2]));
                    print(variant, model, guided, reference, fine, seeds, budgets);
                }
            }
        }
    }

    private static void print(Variant variant, PretrainedDenoiser model, Denoiser guided,
            List<float[]> reference, int fine, int[] seeds, int[] budgets) {
        for (int evaluations : budgets) {
            int steps = variant.steps(evaluations);
            TimeGrid grid = model.card().scheduler().grid(steps);
            long begin = System.nanoTime();
            IiaCoefficients fitted = IiaFitter.builder(guided, grid).solver(variant.solver())
                    .corrections(variant.correction()).conditions(labels()).fineSteps(fine).samples(seeds[0])
                    .heldOut(seeds[1]).fit();
            double seconds = (System.nanoTime() - begin) * 1e-9;
            double plain = difference(draw(guided, grid, variant.solver(), seeds[2]), reference);
            double corrected = difference(draw(guided, grid, fitted.solver(variant.solver(), guided), seeds[2]),
                    reference);
            System.out.printf("| %s | %s | %d | %.4f | %.4f | %.2f | %d of %d | %.2f | %.1f |%n",
                    variant.name(), variant.correction(), variant.evaluations(steps), plain, corrected,
                    corrected / plain,
                    fitted.keptSteps(), steps, fitted.ratio(), seconds);
        }
    }

    /** Those of the demo model, to be taken in turn. */
    static List<Condition> labels() {
        return IntStream.range(0, 10).mapToObj(Condition::label).toList();
    }

    private static List<float[]> draw(Denoiser model, TimeGrid grid, Solver solver, int seeds) {
        try (Sampler sampler = Sampler.builder(model, grid).solver(solver).build()) {
            List<Request> requests = IntStream.range(0, seeds)
                    .mapToObj(s -> Request.seed(TEST_SEED + s).withLabel(s % 10)).toList();
            List<float[]> samples = new ArrayList<>();
            sampler.sample(requests).forEach(sample -> samples.add(sample.values()));
            return samples;
        }
    }

    /** Root mean square over samples and their values. */
    static double difference(List<float[]> samples, List<float[]> reference) {
        double squares = 0;
        int count = 0;
        for (int s = 0; s < samples.size(); s++) {
            for (int e = 0; e < samples.get(s).length; e++, count++) {
                double difference = (double) samples.get(s)[e] - reference.get(s)[e];
                squares += difference * difference;
            }
        }
        return Math.sqrt(squares / count);
    }
}

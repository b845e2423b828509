package dev.paraflux.cli.option;

import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.iia.Correction;
import dev.paraflux.iia.CorrectionVectors;
import dev.paraflux.iia.IiaFitter;
import dev.paraflux.model.Condition;
import dev.paraflux.model.pretrained.ModelCard;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say how steps are corrected, and on which samples that is fitted. */
public final class FitOptions {
    /** Steps to fit, where nothing else is said. */
    public static final int STEPS_BY_DEFAULT = 10;

    @Option(names = "--vectors", split = ",", paramLabel = "VECTORS", defaultValue = "EVALUATIONS",
            description = "What a step is corrected by: ${COMPLETION-CANDIDATES}. Of several, those with the least"
                    + " held-out error are taken. Default: ${DEFAULT-VALUE}.")
    private List<CorrectionVectors> vectors;

    @Option(names = "--history", paramLabel = "N",
            description = "How many steps further back they are taken from, too: 0 to 2 for evaluations, 0 or 1 for"
                    + " slopes and residues. Default: 1 for evaluations and residues, else 0.")
    private Integer history;

    @Option(names = "--fine", paramLabel = "N", defaultValue = "10",
            description = "Fine steps in each step, which it is to come near to. Default: ${DEFAULT-VALUE}.")
    private int fine;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "64",
            description = "Samples to fit to. Default: ${DEFAULT-VALUE}.")
    private int samples;

    @Option(names = "--held-out", paramLabel = "N", defaultValue = "32",
            description = "Other samples, 2 or more, which say whether a correction helps. Default: ${DEFAULT-VALUE}.")
    private int heldOut;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64",
            description = "Samples in memory at a time; quickest where all fit in. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(names = "--ridge", paramLabel = "LAMBDA", defaultValue = "0",
            description = "Added to the least squares, in units of its diagonal: keeps coefficients small that hardly"
                    + " matter. Default: ${DEFAULT-VALUE}.")
    private double ridge;

    @Option(names = "--plain-path",
            description = "Fit each step where the plain steps before it lead, not the corrected ones.")
    private boolean plainPath;

    @Option(names = "--seed", paramLabel = "SEED", converter = SeedConverter.class,
            description = "Seed of the first sample to fit to; the next ones take the next seeds, and after them the"
                    + " held-out ones. Default: 1000000, far from those that samples are drawn with.")
    private Long seed;

    @Option(names = "--labels", split = ",", paramLabel = "LABEL",
            description = "The labels of the samples, in turn. Default: all of the model's.")
    private List<Integer> labels;

    /** Checks what can be checked without a model. */
    public void check() {
        Require.between(1, IiaFitter.Builder.MAX_FINE_STEPS, "--fine", fine);
        Require.atLeast(1, "--samples", samples);
        Require.atLeast(2, "--held-out", heldOut);
        Require.between(1, Sampler.Builder.MAX_BATCH, "--batch", batch);
        Require.notNegative("--ridge", ridge);
        vectors.forEach(this::correction);
    }

    /** The corrections to try, each once. */
    public List<Correction> corrections() {
        return vectors.stream().distinct().map(this::correction).toList();
    }

    private Correction correction(CorrectionVectors by) {
        boolean looksBack = by == CorrectionVectors.EVALUATIONS || by == CorrectionVectors.RESIDUES;
        int byDefault = looksBack ? 1 : 0;
        return Typed.as("--history", () -> new Correction(by, history == null ? byDefault : history));
    }

    /** Refuses labels where there are prompts. */
    public void requireSuits(ModelOptions model) {
        if (labels != null && model.pipelines().given()) {
            throw new IllegalValueException("--labels", labels, "left out where --pipeline is given");
        }
        if (model.pipelines().takesMask()) {
            throw new IllegalValueException("--pipeline", model.pipelines().path(),
                    "one that takes no mask: steps are fitted to pictures of the prompts alone");
        }
    }

    /** A fit of this model and its solver with these settings: to samples of the prompts or labels, in turn. */
    public IiaFitter.Builder apply(IiaFitter.Builder fitter, ModelOptions model, Loaded loaded) {
        if (seed != null) {
            fitter.seed(seed);
        }
        ModelCard card = loaded.card();
        List<Condition> conditions = loaded.pipeline() == null
                ? Labels.conditions(card, labels, Math.max(1, card.labels()))
                : model.pipelines().conditions(loaded.pipeline());
        return fitter.solver(loaded.steps().solver()).corrections(corrections().toArray(Correction[]::new))
                .conditions(conditions).fineSteps(fine).samples(samples).heldOut(heldOut).batch(batch).ridge(ridge)
                .onCorrected(!plainPath);
    }
}

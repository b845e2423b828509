package dev.paraflux.cli.option;

import dev.paraflux.Request;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.pipeline.PipelineKind;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say how samples are guided. */
final class GuidingOptions {
    @Option(names = "--guidance", paramLabel = "WEIGHT",
            description = "Guidance weight; 1 is none, with --pipeline less is none, too. Default: as the model's card says.")
    private Double weight;

    @Option(names = "--rescale", paramLabel = "PHI",
            description = "How far guided predictions are brought back to the deviation of unguided ones, 0 to 1."
                    + " Default: 0.")
    private Double rescale;

    @Option(names = "--guidance-interval", split = ",", paramLabel = "NOISE",
            description = "LOW,HIGH: guide only where sigma / alpha is above LOW and at most HIGH."
                    + " Default: 0,Infinity.")
    private List<Double> interval;

    /** Checks what can be checked without a model. */
    void check() {
        Require.that(interval == null || interval.size() == 2, "--guidance-interval", interval,
                "two numbers, LOW,HIGH");
        // The library calls the ends by other names than one option can have.
        Require.that(interval == null || interval.get(0) >= 0 && interval.get(0) < interval.get(1),
                "--guidance-interval", interval, "LOW,HIGH with LOW 0 or more, and HIGH above LOW");
        options(GuidanceOptions.weight(1));
    }

    /** Guidance with these options, and as by default where they were not given. */
    GuidanceOptions options(GuidanceOptions byDefault) {
        double given = weight == null ? byDefault.weight() : weight;
        GuidanceOptions weighted = Typed.as("--guidance", () -> GuidanceOptions.weight(given))
                .withUnconditional(byDefault.unconditional()).withRescale(byDefault.rescale())
                .withInterval(byDefault.above(), byDefault.upTo());
        GuidanceOptions rescaled = Typed.with(weighted, "--rescale", rescale, GuidanceOptions::withRescale);
        return Typed.with(rescaled, "--guidance-interval", interval,
                (options, ends) -> options.withInterval(ends.get(0), ends.get(1)));
    }

    /** The weight that was given, or null; nothing else may be, for a model that takes it as an input. */
    Double weightAlone() {
        if (rescale != null || interval != null) {
            throw new IllegalValueException(rescale != null ? "--rescale" : "--guidance-interval",
                    rescale != null ? rescale : interval,
                    "left out with a --pipeline that takes the guidance weight as an input: it has no other half");
        }
        return weight;
    }

    /**
     * The model with its guidance. A weight of 1 is none; of a pipeline one below 1 is none either.
     *
     * @param unconditional of a pipeline; null without one
     */
    Denoiser around(Denoiser model, GuidanceOptions byDefault, Condition unconditional) {
        GuidanceOptions options = options(
                unconditional == null ? byDefault : byDefault.withUnconditional(unconditional));
        double given = unconditional == null ? options.weight() : PipelineKind.weight(options.weight());
        return given == 1 ? model : Guidance.of(model, options);
    }

    /** A request to a pipeline's model with its guidance, guided away from something of its own. */
    Request guided(Request request, GuidanceOptions byDefault, Condition unconditional) {
        GuidanceOptions options = options(byDefault.withUnconditional(unconditional));
        return PipelineKind.weight(options.weight()) == 1 ? request : request.withGuidance(options);
    }
}

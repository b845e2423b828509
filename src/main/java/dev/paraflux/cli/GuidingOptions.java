package dev.paraflux.cli;

import dev.paraflux.model.GuidanceOptions;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say how samples are guided. */
final class GuidingOptions {
    @Option(names = "--guidance", paramLabel = "WEIGHT",
            description = "Guidance weight; 1 is none. Default: as the model's card says.")
    private Double weight;

    @Option(names = "--rescale", paramLabel = "PHI",
            description = "How far guided predictions are brought back to the deviation of unguided ones, 0 to 1."
                    + " Default: 0.")
    private Double rescale;

    @Option(names = "--guidance-interval", split = ",", paramLabel = "NOISE",
            description = "LOW,HIGH: guide only where sigma / alpha is above LOW and no more than HIGH."
                    + " Default: 0,Infinity.")
    private List<Double> interval;

    /** Checks what can be checked without a model. */
    void check() {
        if (interval != null && interval.size() != 2) {
            throw new IllegalArgumentException("--guidance-interval " + interval + ": must be two numbers, LOW,HIGH");
        }
        options(GuidanceOptions.weight(1));
    }

    /** Guidance with these options, and as by default where they were not given. */
    GuidanceOptions options(GuidanceOptions byDefault) {
        double above = interval == null ? byDefault.above() : interval.get(0);
        double upTo = interval == null ? byDefault.upTo() : interval.get(1);
        return GuidanceOptions.weight(weight == null ? byDefault.weight() : weight)
                .withUnconditional(byDefault.unconditional())
                .withRescale(rescale == null ? byDefault.rescale() : rescale)
                .withInterval(above, upTo);
    }
}

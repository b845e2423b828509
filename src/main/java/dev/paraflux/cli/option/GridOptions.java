package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.iia.FittedScheduler;
import dev.paraflux.json.JsonValue;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.schedule.FlowSigmas;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.SigmaRule;
import dev.paraflux.schedule.Spacing;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say where the steps lie, where it is not to be as the scheduler says. */
final class GridOptions {
    /** Latents that make a token of Flux and its kin, in each direction. */
    private static final int TOKEN = 2;

    @Option(names = "--spacing", paramLabel = "SPACING",
            description = "How time steps are spaced: ${COMPLETION-CANDIDATES}. Default: as the scheduler says.")
    private Spacing spacing;

    @Option(names = "--sigmas", paramLabel = "RULE",
            description = "Space the noise ratios sigma / alpha instead of time steps: ${COMPLETION-CANDIDATES}.")
    private SigmaRule sigmas;

    @Option(names = "--sequence-length", paramLabel = "N",
            description = "Tokens of a sample, which a scheduler with use_dynamic_shifting shifts its times by. Default:"
                    + " one for 2 by 2 values of a channel.")
    private Integer sequenceLength;

    @Option(names = "--flow-sigmas", paramLabel = "FROM",
            description = "Who gives a scheduler of flow matching its sigmas: ${COMPLETION-CANDIDATES}. The pipeline gives 1"
                    + " to 1/N (Flux, LTX); Stable Diffusion 3's and AuraFlow's leave them to the scheduler. Default: as"
                    + " its file suggests.")
    private FlowSigmas flowSigmas;

    @Option(names = "--own-terms",
            description = "Take the steps on Paraflux's own terms instead of diffusers': to the next time of the grid, at"
                    + " times that are not rounded, of full order to the last, eps following where x0 is clipped.")
    private boolean ownTerms;

    /** Checks what can be checked without a scheduler. */
    void check() {
        if (spacing != null && sigmas != null) {
            throw new IllegalValueException("--sigmas", sigmas, "left out where --spacing is given");
        }
        if (sequenceLength != null) {
            Require.atLeast(1, "--sequence-length", sequenceLength);
        }
    }

    /** Whether diffusers' ways are left. */
    boolean ownTerms() {
        return ownTerms;
    }

    /** Where a grid with these options comes from. */
    FittedScheduler fitted(JsonValue settings) {
        return new FittedScheduler(settings, Optional.ofNullable(spacing), Optional.ofNullable(sigmas));
    }

    /** The option that was given, if one was. */
    Optional<String> name() {
        return spacing == null ? Optional.ofNullable(sigmas).map(given -> "--sigmas") : Optional.of("--spacing");
    }

    /** What was given under that name. */
    Object value() {
        return spacing == null ? sigmas : spacing;
    }

    /** A scheduler with these options. */
    SchedulerConfig apply(SchedulerConfig config, ModelDefaults defaults) {
        SchedulerConfig own = ownTerms ? config.onOwnTerms() : config;
        if (flowSigmas != null) {
            SchedulerConfig before = own;
            own = Typed.as("--flow-sigmas", () -> before.withFlowSigmas(flowSigmas));
        }
        if (sequenceLength != null) {
            Require.that(own.shiftsByLength(), "--sequence-length", sequenceLength,
                    "left out where the scheduler has no use_dynamic_shifting");
            own = own.withSequenceLength(sequenceLength);
        }
        if (sigmas != null) {
            return own.withSigmas(sigmas);
        }
        return spacing == null ? defaults.spaced(own) : own.withSpacing(spacing);
    }

    /** The same for a model, whose pictures say how long its sequences are if nothing else does. */
    SchedulerConfig apply(SchedulerConfig config, ModelDefaults defaults, ModelCard card) {
        if (sequenceLength != null || card.shape().size() != 3) {
            return apply(config, defaults);
        }
        int length = Math.max(1, card.shape().get(1) / TOKEN) * Math.max(1, card.shape().get(2) / TOKEN);
        return apply(config.withSequenceLength(length), defaults);
    }
}

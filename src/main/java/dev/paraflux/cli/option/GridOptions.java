package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.iia.FittedScheduler;
import dev.paraflux.json.JsonValue;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.schedule.CustomSteps;
import dev.paraflux.schedule.FlowSigmas;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.SigmaRule;
import dev.paraflux.schedule.Spacing;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say where the steps lie, where it is not to be as the scheduler says. */
final class GridOptions {
    /** Latents that make a token of Flux and its kin, in each direction. */
    private static final int TOKEN = 2;
    private static final String TIMESTEPS = "--timesteps";
    private static final String SIGMAS = "--sigmas";

    @Option(names = "--spacing", paramLabel = "SPACING",
            description = "How time steps are spaced: ${COMPLETION-CANDIDATES}. Default: as the scheduler says.")
    private Spacing spacing;

    @Option(names = TIMESTEPS, paramLabel = "TIMES",
            description = "Times of your own, noisiest first, with commas between them, instead of a number of steps; or "
                    + StepValues.NAMES + ".")
    private String timesteps;

    @Option(names = SIGMAS, paramLabel = "RULE|SIGMAS",
            description = "Space the noise ratios sigma / alpha instead of time steps: karras, exponential, beta. Or sigmas of"
                    + " your own, as the times of " + TIMESTEPS
                    + ": with EulerDiscreteScheduler the last is the sample's, usually"
                    + " 0.")
    private String sigmasText;

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

    private SigmaRule sigmas;
    private CustomSteps custom;

    /** Checks what can be checked without a scheduler. */
    void check() {
        Typed.requireAlone(TIMESTEPS, timesteps, SIGMAS, sigmasText);
        sigmas = sigmasText == null ? null : rule();
        custom = timesteps != null ? values(CustomSteps.Kind.TIMESTEPS, TIMESTEPS, timesteps, "")
                : sigmasText != null && sigmas == null ? values(CustomSteps.Kind.SIGMAS, SIGMAS, sigmasText,
                        "karras, exponential, beta, ") : null;
        if (spacing != null && sigmas != null) {
            throw new IllegalValueException(SIGMAS, sigmas, "left out where --spacing is given");
        }
        if (sequenceLength != null) {
            Require.atLeast(1, "--sequence-length", sequenceLength);
        }
    }

    private SigmaRule rule() {
        return Arrays.stream(SigmaRule.values()).filter(one -> one.name().equalsIgnoreCase(sigmasText)).findFirst()
                .orElse(null);
    }

    private static CustomSteps values(CustomSteps.Kind kind, String option, String text, String also) {
        return StepValues.read(kind, text).orElseThrow(() -> StepValues.wrong(option, text, also));
    }

    /** Whether diffusers' ways are left. */
    boolean ownTerms() {
        return ownTerms;
    }

    /** Where a grid with these options comes from. */
    FittedScheduler fitted(JsonValue settings) {
        return new FittedScheduler(settings, Optional.ofNullable(spacing), Optional.ofNullable(sigmas),
                Optional.ofNullable(custom));
    }

    /** The option that was given, if one was. */
    Optional<String> name() {
        return timesteps != null ? Optional.of(TIMESTEPS) : sigmasText != null ? Optional.of(SIGMAS)
                : Optional.ofNullable(spacing).map(given -> "--spacing");
    }

    /** What was given under that name. */
    Object value() {
        return custom != null ? custom : sigmas != null ? sigmas : spacing;
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
        SchedulerConfig spaced = sigmas != null ? own.withSigmas(sigmas)
                : spacing != null ? own.withSpacing(spacing) : custom != null ? own : defaults.spaced(own);
        return custom == null ? spaced : StepValues.typed(custom.kind(), () -> spaced.withSteps(custom));
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

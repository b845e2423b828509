package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * Which classes take {@link CustomSteps}, and what must hold beside their order: what diffusers' {@code set_timesteps} takes
 * and refuses, and refused as well what it would pass over in silence.
 */
final class CustomLegality {
    private static final Map<CustomSteps.Kind, Set<SchedulerClass>> TAKEN = Map.of(
            CustomSteps.Kind.TIMESTEPS,
            Set.of(SchedulerClass.OWN, SchedulerClass.DDPM, SchedulerClass.DDPM_PARALLEL, SchedulerClass.EULER,
                    SchedulerClass.HEUN, SchedulerClass.DPM_MULTISTEP, SchedulerClass.DPM_SINGLESTEP,
                    SchedulerClass.LCM, SchedulerClass.TCD, SchedulerClass.FLOW_EULER),
            CustomSteps.Kind.SIGMAS,
            Set.of(SchedulerClass.OWN, SchedulerClass.EULER, SchedulerClass.UNIPC, SchedulerClass.FLOW_EULER,
                    SchedulerClass.FLOW_LCM));
    /** Those that are told times between training steps. */
    private static final Set<SchedulerClass> FRACTIONS = Set.of(SchedulerClass.EULER, SchedulerClass.HEUN,
            SchedulerClass.FLOW_EULER);

    private final SchedulerSettings settings;
    private final CustomSteps custom;

    private CustomLegality(SchedulerSettings settings, CustomSteps custom) {
        this.settings = settings;
        this.custom = custom;
    }

    /**
     * Checks steps for a class.
     *
     * @param ownTerms      whether a class of flow matching is taken on the project's own terms
     * @param trainingSteps T, of a class that takes them
     * @throws IllegalValueException naming the value, or all of them where the class takes none
     */
    static void check(SchedulerSettings settings, CustomSteps custom, boolean ownTerms,
            IntSupplier trainingSteps) {
        CustomLegality legality = new CustomLegality(settings, custom);
        legality.checkClass(ownTerms);
        legality.checkValues(trainingSteps.getAsInt());
    }

    /**
     * Checks that no key says otherwise where steps lie.
     *
     * @throws IllegalValueException naming the key
     */
    static void checkKeys(SchedulerSettings settings, CustomSteps custom) {
        new CustomLegality(settings, custom).checkKeys();
    }

    /** Whether the sigmas of a class are one more than its steps: that of the sample is among them. */
    static boolean endIncluded(SchedulerClass scheduler, CustomSteps.Kind kind) {
        return kind == CustomSteps.Kind.SIGMAS
                && (scheduler == SchedulerClass.EULER || scheduler == SchedulerClass.OWN);
    }

    private void checkClass(boolean ownTerms) {
        SchedulerClass scheduler = settings.scheduler();
        if (!TAKEN.get(custom.kind()).contains(scheduler) || ownTerms) {
            throw new IllegalValueException(custom.kind().toString(), custom, "left out "
                    + (ownTerms ? "on own terms of flow matching" : "with " + settings.owner())
                    + "; they are taken by " + TAKEN.get(custom.kind()).stream()
                            .filter(one -> one != SchedulerClass.OWN).sorted().map(SchedulerClass::className)
                            .collect(Collectors.joining(", ")));
        }
    }

    private void checkKeys() {
        boolean times = custom.kind() == CustomSteps.Kind.TIMESTEPS;
        boolean flows = settings.scheduler().isFlow();
        if (!flows && (times || settings.scheduler() != SchedulerClass.EULER)) {
            SchedulerGrids.RULES.forEach(rule -> require(!settings.flag(rule), rule, "false"));
        }
        if (times && settings.scheduler() == SchedulerClass.EULER) {
            require(!(settings.word("timestep_type").equals("continuous")
                    && settings.word("prediction_type").equals("v_prediction")), "timestep_type",
                    "discrete where v_prediction is predicted");
        }
        if (settings.scheduler().has("use_flow_sigmas") && settings.scheduler() != SchedulerClass.OWN) {
            require(settings.flag("use_flow_sigmas") != times, "use_flow_sigmas", String.valueOf(!times));
        }
    }

    private void require(boolean legal, String key, String range) {
        settings.require(legal, key, range + " for custom " + custom.kind());
    }

    private void checkValues(int trainingSteps) {
        int last = custom.values().size() - 1;
        boolean times = custom.kind() == CustomSteps.Kind.TIMESTEPS;
        boolean end = endIncluded(settings.scheduler(), custom.kind());
        if (end && last == 0) {
            throw new IllegalValueException(custom.kind().toString(), custom,
                    "two or more with " + settings.owner() + ": that of the sample is the last");
        }
        if (settings.scheduler().isFlow() || settings.scheduler() == SchedulerClass.UNIPC) {
            requireValue(0, custom.values().get(0) <= (times ? trainingSteps : 1),
                    "at most " + (times ? trainingSteps : 1) + ", which is noise alone");
            requireValue(last, custom.values().get(last) > 0, "above 0: the sample's is not among them");
        } else if (times) {
            int most = trainingSteps - 1;
            requireValue(0, custom.values().get(0) <= most, "at most " + most + ", the noisiest training step");
            for (int i = 0; i <= last && !FRACTIONS.contains(settings.scheduler()); i++) {
                double value = custom.values().get(i);
                requireValue(i, value == Math.rint(value), "a whole number with " + settings.owner());
            }
        }
    }

    private void requireValue(int i, boolean legal, String range) {
        if (!legal) {
            throw new IllegalValueException(custom.name(i), custom.values().get(i), range);
        }
    }
}

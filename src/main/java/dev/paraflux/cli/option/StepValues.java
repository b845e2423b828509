package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.AlignYourSteps;
import dev.paraflux.schedule.CustomSteps;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads times or sigmas of one's own: numbers with commas between them, or the name of published ones. */
final class StepValues {
    /** What they are called, as a description says it. */
    static final String NAMES = "ays-sd and ays-xl, which Align Your Steps has for Stable Diffusion 1.5 and for XL";

    private static final Map<String, AlignYourSteps> NAMED = Map.of("ays-sd", AlignYourSteps.STABLE_DIFFUSION, "ays-xl",
            AlignYourSteps.STABLE_DIFFUSION_XL);

    private StepValues() {}

    /** Those of an option; nothing where its value is neither numbers nor a name. */
    static Optional<CustomSteps> read(CustomSteps.Kind kind, String text) {
        AlignYourSteps named = NAMED.get(text.toLowerCase(Locale.ROOT));
        if (named != null) {
            return Optional.of(kind == CustomSteps.Kind.TIMESTEPS ? named.times() : named.sigmas());
        }
        List<Double> values = new ArrayList<>();
        try {
            for (String part : text.split(",", -1)) {
                values.add(Double.parseDouble(part.strip()));
            }
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return Optional.of(typed(kind, () -> new CustomSteps(kind, values)));
    }

    /** What may refuse the values, which are called by their option then. */
    static <T> T typed(CustomSteps.Kind kind, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalValueException e) {
            throw e.name().startsWith(kind.toString()) ? e.named("--" + e.name()) : e;
        }
    }

    /** The refusal of what is neither. */
    static IllegalValueException wrong(String option, String text, String also) {
        return new IllegalValueException(option, text, "numbers with commas between them, noisiest first, or one of "
                + also + String.join(", ", NAMED.keySet().stream().sorted().toList()));
    }
}

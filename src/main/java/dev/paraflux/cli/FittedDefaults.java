package dev.paraflux.cli;

import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.ModelCard;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.SigmaRule;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.X0Limit;
import dev.paraflux.solver.Solver;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What coefficients were fitted for, as far as the options of the command can say it. Guidance and clipping are read
 * from the words that the model's identity has for them; where these are others, the defaults are the card's, and the
 * coefficients themselves refuse the model.
 *
 * @param coefficients the coefficients
 * @param file         that they were read from
 */
record FittedDefaults(IiaCoefficients coefficients, Path file) implements ProblemDefaults {
    private static final String NUMBER = "([-+.\\w]+)";
    private static final Pattern GUIDANCE = Pattern.compile("with guidance " + NUMBER + "(?:, rescale " + NUMBER
            + ")?(?:, where sigma / alpha is above " + NUMBER + " and up to " + NUMBER + ")?");
    private static final Pattern CLIPPED = Pattern.compile("with x0 clipped at " + NUMBER);
    private static final Pattern THRESHOLD = Pattern.compile(
            "with dynamic thresholding, percentile " + NUMBER + ", range " + NUMBER);

    @Override
    public int steps() {
        return coefficients.steps().size();
    }

    /** Of the spacings that there are, the one that gives the grid of the fit, on the scheduler's own path. */
    @Override
    public SchedulerConfig spaced(SchedulerConfig config, int steps) {
        Stream<Supplier<SchedulerConfig>> spacings = Arrays.stream(Spacing.values())
                .map(spacing -> () -> config.withSpacing(spacing));
        Stream<Supplier<SchedulerConfig>> sigmas = Arrays.stream(SigmaRule.values())
                .map(rule -> () -> config.withSigmas(rule));
        return Stream.concat(Stream.of(() -> config), Stream.concat(spacings, sigmas))
                .flatMap(spaced -> giving(spaced, steps)).findFirst().orElse(config);
    }

    private Stream<SchedulerConfig> giving(Supplier<SchedulerConfig> spaced, int steps) {
        try {
            return Stream.of(spaced.get()).filter(config -> coefficients.isFor(config.grid(steps)));
        } catch (IllegalArgumentException e) {
            // Not every scheduler has every spacing: it was not fitted with this one.
            return Stream.empty();
        }
    }

    /** By its name; a solver that only a scheduler's file can ask for is the scheduler's to bring. */
    @Override
    public Solver solver(SchedulerConfig config) {
        return SolverName.of(coefficients.problem().solver()).map(SolverName::solver)
                .orElseGet(() -> ProblemDefaults.super.solver(config));
    }

    @Override
    public String solverAskedBy(SchedulerConfig config) {
        return "--iia " + file;
    }

    @Override
    public GuidanceOptions guidance(ModelCard card) {
        Optional<MatchResult> found = setting(GUIDANCE);
        if (found.isEmpty()) {
            boolean guided = coefficients.problem().model().stream()
                    .anyMatch(word -> word.startsWith("with guidance "));
            return guided ? ProblemDefaults.super.guidance(card) : GuidanceOptions.weight(1);
        }
        MatchResult words = found.get();
        return told(() -> GuidanceOptions.weight(number(words, 1, 1)).withRescale(number(words, 2, 0))
                .withInterval(number(words, 3, 0), number(words, 4, Double.POSITIVE_INFINITY)));
    }

    /** What the file says is the file's fault. */
    private <T> T told(Supplier<T> setting) {
        try {
            return setting.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--iia " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public X0Limit limit(SchedulerConfig config) {
        return told(() -> setting(CLIPPED).map(words -> X0Limit.at(number(words, 1, 1)))
                .or(() -> setting(THRESHOLD).map(words -> X0Limit.dynamic(number(words, 1, 1), number(words, 2, 1))))
                .orElse(X0Limit.NONE));
    }

    private Optional<MatchResult> setting(Pattern words) {
        return coefficients.problem().model().stream().map(words::matcher)
                .flatMap(matcher -> matcher.matches() ? Stream.of(matcher.toMatchResult()) : Stream.empty())
                .findFirst();
    }

    private double number(MatchResult words, int group, double otherwise) {
        String text = words.group(group);
        try {
            return text == null ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "its model is '" + words.group() + "', where '" + text
                            + "' is not a number",
                    e);
        }
    }
}

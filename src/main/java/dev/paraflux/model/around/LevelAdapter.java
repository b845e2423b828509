package dev.paraflux.model.around;

import dev.paraflux.json.Description;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoisePath;
import dev.paraflux.schedule.Prediction;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;

/**
 * Lets a model run on a grid whose states are scaled otherwise than those it was trained on: a variance-preserving model
 * on a grid of sigmas (alpha = 1), a model of sigmas on a variance-preserving grid, either one on a grid of flow matching.
 * The state is rescaled to the model's own level of the same noise ratio sigma / alpha, which holds the same x0 and eps.
 * Thread-safe: calls run one after another.
 *
 * <p>Predictions of EPSILON and SAMPLE mean the same at both levels and stay as they are. VELOCITY and FLOW depend on the
 * model's own alpha and sigma, and become SAMPLE.
 */
public final class LevelAdapter extends RescalingDenoiser {
    /** Paths need not have names, but those of different models have different levels at these sigma / alpha. */
    private static final double[] RATIOS = {0.1, 1, 10};

    private final NoisePath modelPath;

    /**
     * @param model     the model
     * @param modelPath the levels it was trained on: its {@link dev.paraflux.schedule.NoiseSchedule},
     *                  {@link NoisePath#edm} or {@link NoisePath#varianceExploding}, {@link NoisePath#flow}
     */
    public LevelAdapter(Denoiser model, NoisePath modelPath) {
        super(model);
        this.modelPath = Objects.requireNonNull(modelPath, "modelPath");
    }

    /** The model's where it is EPSILON or SAMPLE, else SAMPLE. */
    @Override
    public Prediction prediction() {
        return model.prediction() == Prediction.EPSILON ? Prediction.EPSILON : Prediction.SAMPLE;
    }

    /** @throws IllegalArgumentException where alpha is 0: the ratio is infinite there, and paths know finite ones */
    @Override
    Maps maps(NoiseLevel level) {
        NoiseLevel own = modelPath.at(level.ratio());
        double input = own.alpha() / level.alpha();
        return switch (model.prediction()) {
            case EPSILON, SAMPLE -> Maps.ofInput(own, input);
            case VELOCITY, FLOW -> new Maps(own, input, model.prediction().x0OfState(own) * input,
                    model.prediction().x0OfOutput(own));
        };
    }

    @Override
    Description description() {
        List<NoiseLevel> levels = DoubleStream.of(RATIOS).mapToObj(modelPath::at).toList();
        return Description.of("level-adapter")
                .with("ratios", DoubleStream.of(RATIOS).boxed().toList())
                .with("times", levels.stream().map(level -> sixDigits(level.time())).toList())
                .with("alphas", levels.stream().map(level -> sixDigits(level.alpha())).toList());
    }

    /** The last bits of powers and logarithms are another machine's on another machine. */
    private static double sixDigits(double value) {
        return new BigDecimal(value).round(new MathContext(6)).doubleValue();
    }
}

package dev.paraflux;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/** Small models without a network: what they predict is known, and what they are asked is recorded. */
public final class TestDenoisers {
    /** Labels that these models take: 0 to LABELS - 1. */
    public static final int LABELS = 10;

    private TestDenoisers() {}

    /** Bent, and different for each element, level and label, with no function whose last bit is not defined. */
    public static Recording bent(int dim) {
        return new Recording(dim, Prediction.EPSILON, (x, level, condition, e) -> {
            double shift = condition instanceof Condition.Label label ? 0.3 + 0.1 * label.label() : 0;
            double bend = x * (1 + e % 3) + shift;
            return 0.8 * bend / (1 + bend * bend) + 0.5 * level.sigma() * x;
        });
    }

    /**
     * The exact model of data with independent normal elements, in the words of any prediction. Linear in x.
     *
     * @param mean              of every element
     * @param standardDeviation of every element
     */
    public static Recording gaussian(int dim, double mean, double standardDeviation, Prediction prediction) {
        return new Recording(dim, prediction, (x, level, condition, e) -> {
            double scaled = level.alpha() * standardDeviation;
            double share = (x - level.alpha() * mean) / (scaled * scaled + level.sigma() * level.sigma());
            double sample = mean + scaled * standardDeviation * share;
            double noise = level.sigma() * share;
            return switch (prediction) {
                case EPSILON -> noise;
                case SAMPLE -> sample;
                case VELOCITY -> level.alpha() * noise - level.sigma() * sample;
                case FLOW -> noise - sample;
            };
        });
    }

    /** Whatever predicts element by element. */
    public static Recording of(int dim, Prediction prediction, Element element) {
        return new Recording(dim, prediction, element);
    }

    /** Linear, and steep: rows that are not right yet send the rows after them far away, beyond the largest float. */
    public static Recording steep(int dim, double lipschitz) {
        return of(dim, Prediction.EPSILON, (x, level, condition, e) -> lipschitz * x);
    }

    /** As good as random in the state, up to 1 either way: no row tells anything until the rows before it are right. */
    public static Recording scattered(int dim) {
        return of(dim, Prediction.EPSILON, (x, level, condition, e) -> {
            long bits = Float.floatToIntBits((float) x) * 0x9E3779B97F4A7C15L + Double.hashCode(level.time()) + e;
            bits = (bits ^ bits >>> 31) * 0xBF58476D1CE4E5B9L;
            bits = (bits ^ bits >>> 29) * 0x94D049BB133111EBL;
            return (bits >> 40) * 0x1p-23;
        });
    }

    /** Discontinuous: the sign of the state, which jumps again at multiples of a tenth. */
    public static Recording jumping(int dim) {
        return of(dim, Prediction.EPSILON, (x, level, condition, e) -> Math.floor(10 * x) % 2 == 0 ? 1 : -1);
    }

    /** Predicts 0, and allocates nothing. */
    public static Denoiser idle(int... sizes) {
        return new Denoiser() {
            private final int[] shape = sizes.clone();
            private float[] zeros;

            @Override
            public int[] shape() {
                return shape;
            }

            @Override
            public Prediction prediction() {
                return Prediction.EPSILON;
            }

            @Override
            public void requireLegal(Condition condition) {}

            @Override
            public void evaluate(Batch batch) {
                zeros = zeros == null ? new float[dim()] : zeros;
                for (int i = 0; i < batch.size(); i++) {
                    batch.predictions().write(batch.predictionRow(i), zeros);
                }
            }
        };
    }

    /** One element of a prediction. */
    @FunctionalInterface
    public interface Element {
        /** What is predicted for element e, whose state is x. */
        double predict(double x, NoiseLevel level, Condition condition, int e);
    }

    /** A model that records its calls, and misbehaves where it is told to. */
    public static final class Recording implements Denoiser {
        private final int dim;
        private final Prediction prediction;
        private final Element element;
        private final List<Integer> batchSizes = new ArrayList<>();
        private final List<NoiseLevel> levels = new ArrayList<>();
        private final List<Integer> prepared = new ArrayList<>();
        private Consumer<Batch> beforeCall = batch -> {};
        private BiPredicate<NoiseLevel, Condition> spoiled = (level, condition) -> false;
        private float spoiledValue = Float.NaN;

        Recording(int dim, Prediction prediction, Element element) {
            this.dim = dim;
            this.prediction = prediction;
            this.element = element;
        }

        /** Does this at the start of every call: wait, cancel, throw. */
        public Recording beforeCall(Consumer<Batch> action) {
            beforeCall = action;
            return this;
        }

        /** Spoils the last element of the prediction of these rows with a NaN. */
        public Recording spoil(BiPredicate<NoiseLevel, Condition> rows) {
            spoiled = rows;
            return this;
        }

        /** Spoils with this value instead of NaN. */
        public Recording spoilWith(float value) {
            spoiledValue = value;
            return this;
        }

        /** Rows of every call so far. */
        public List<Integer> batchSizes() {
            return batchSizes;
        }

        /** The level of every row evaluated so far. */
        public List<NoiseLevel> levels() {
            return levels;
        }

        /** The sizes that were prepared so far. */
        public List<Integer> prepared() {
            return prepared;
        }

        /** Calls so far. */
        public int calls() {
            return batchSizes.size();
        }

        @Override
        public int[] shape() {
            return new int[] {dim};
        }

        @Override
        public Prediction prediction() {
            return prediction;
        }

        @Override
        public void requireLegal(Condition condition) {
            if (condition instanceof Condition.Label label && (label.label() < 0 || label.label() >= LABELS)) {
                throw new IllegalArgumentException(
                        "label " + label.label() + ": legal labels are 0 to " + (LABELS - 1));
            }
            if (condition instanceof Condition.Embedding) {
                throw new IllegalArgumentException(condition + ": this model takes labels");
            }
        }

        @Override
        public void prepare(int rows) {
            prepared.add(rows);
        }

        @Override
        public void evaluate(Batch batch) {
            batchSizes.add(batch.size());
            beforeCall.accept(batch);
            for (int i = 0; i < batch.size(); i++) {
                requireLegal(batch.condition(i));
            }
            float[] x = new float[dim];
            for (int i = 0; i < batch.size(); i++) {
                levels.add(batch.level(i));
                batch.states().read(batch.stateRow(i), x);
                for (int e = 0; e < dim; e++) {
                    x[e] = (float) element.predict(x[e], batch.level(i), batch.condition(i), e);
                }
                if (spoiled.test(batch.level(i), batch.condition(i))) {
                    x[dim - 1] = spoiledValue;
                }
                batch.predictions().write(batch.predictionRow(i), x);
            }
        }
    }
}

package dev.paraflux.examples;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Locale;

/**
 * A control policy: where the cart is and how fast it goes is the condition, a plan of its next accelerations is the sample, of
 * which the first is done. A hundred times a second, into memory that is used again. The model stands for one that was trained on
 * demonstrations: their plans are spread around what a driver with a spring and a damper would do, so that the mean of a plan has
 * a formula; a trained one would be a {@code PretrainedDenoiser}.
 */
public final class CartPolicy implements Denoiser {
    private static final int PLAN = 16;
    private static final int STEPS = 10;
    private static final double TICK = 0.01;
    private static final double SPRING = 4;
    private static final double DAMPER = 4;
    /** Of demonstrations, in m/s2. */
    private static final double SPREAD = 0.05;

    @Override
    public int[] shape() {
        return new int[] {PLAN};
    }

    @Override
    public Prediction prediction() {
        return Prediction.SAMPLE;
    }

    @Override
    public void requireLegal(Condition condition) {
        if (!(condition instanceof Condition.Embedding cart) || cart.width() != 2) {
            throw new IllegalValueException("condition", condition,
                    "position and velocity, as an embedding of width 2");
        }
    }

    @Override
    public void evaluate(Batch batch) {
        float[] plan = new float[PLAN];
        FloatBuffer cart = FloatBuffer.allocate(2);
        for (int i = 0; i < batch.size(); i++) {
            ((Condition.Embedding) batch.condition(i)).writeTo(cart.clear());
            batch.states().read(batch.stateRow(i), plan);
            denoise(plan, batch.level(i), new Cart(cart.get(0), cart.get(1)));
            batch.predictions().write(batch.predictionRow(i), plan);
        }
    }

    /** Between what is seen and what the driver would do, each as far as it is known. */
    private static void denoise(float[] plan, NoiseLevel level, Cart cart) {
        double seen = SPREAD * SPREAD * level.alpha() / (level.alpha() * level.alpha() * SPREAD * SPREAD
                + level.sigma() * level.sigma());
        Cart expected = cart;
        for (int k = 0; k < PLAN; k++) {
            double driver = -SPRING * expected.position - DAMPER * expected.velocity;
            plan[k] = (float) (driver + seen * (plan[k] - level.alpha() * driver));
            expected = expected.after(driver);
        }
    }

    /**
     * @param position in m
     * @param velocity in m/s
     */
    private record Cart(double position, double velocity) {
        /** A tick later. */
        Cart after(double acceleration) {
            double faster = velocity + TICK * acceleration;
            return new Cart(position + TICK * faster, faster);
        }

        Request request(long seed) {
            return Request.seed(seed).withCondition(new Condition.Embedding(
                    new float[] {(float) position, (float) velocity}, 1, 2));
        }
    }

    /** @param arguments none */
    public static void main(String[] arguments) {
        TimeGrid grid = TimeGrid.of(NoiseSchedule.linear(1000, 1e-4, 0.02), STEPS, Spacing.TRAILING, 0, FinalAlpha.ONE);
        FloatBuffer plan = ByteBuffer.allocateDirect(Float.BYTES * PLAN).order(ByteOrder.nativeOrder()).asFloatBuffer();
        try (Sampler sampler = Sampler.builder(new CartPolicy(), grid).build()) {
            Cart cart = new Cart(1, 0);
            sampler.warmUp(cart.request(0));
            for (int tick = 0; tick < 400; tick++) {
                if (tick % 100 == 0) {
                    System.out.printf(Locale.ROOT, "after %d s: %.2f m off, %.2f m/s%n", tick / 100, cart.position,
                            cart.velocity);
                }
                if (!sampler.sample(cart.request(tick), plan).isSolved()) {
                    throw new IllegalStateException("no plan for tick " + tick);
                }
                cart = cart.after(plan.get(0));
            }
            System.out.printf(Locale.ROOT, "after 4 s: %.2f m off, %.2f m/s%n", Math.abs(cart.position),
                    Math.abs(cart.velocity));
        }
    }
}

package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestDenoisers;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.model.around.EdmPreconditioning;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A model that works on every device, alone and with what goes around it. */
public class GaussianDenoiserTest extends LabelledContract {
    private static final int DIM = 6;

    /** With the labels of {@link TestDenoisers}, each of its own mean. */
    public static GaussianDenoiser model(int dim) {
        Random random = new Random(4);
        float[][] means = new float[1 + TestDenoisers.LABELS][dim];
        for (float[] mean : means) {
            for (int e = 0; e < dim; e++) {
                mean[e] = (float) random.nextGaussian() / 2;
            }
        }
        return new GaussianDenoiser(new int[] {dim}, 0.3, means[0],
                Arrays.asList(means).subList(1, means.length));
    }

    @Override
    protected Denoiser open() {
        return model(DIM);
    }

    /** On another device than the host, where there is one. */
    private abstract static class OnCuda extends LabelledContract {
        @BeforeEach
        @Override
        void openOne() {
            CudaTests.device();
            super.openOne();
        }

        @Override
        protected Device device() {
            return CudaTests.device();
        }
    }

    @Nested
    class AloneOnCuda extends OnCuda {
        @Override
        protected Denoiser open() {
            return model(DIM);
        }
    }

    @Nested
    class GuidedOnCuda extends OnCuda {
        @Override
        protected Denoiser open() {
            return Guidance.of(model(DIM), 3).owning();
        }
    }

    @Nested
    class RescaledOnCuda extends OnCuda {
        @Override
        protected Denoiser open() {
            return Guidance.of(new EdmPreconditioning(model(DIM), 0.5), GuidanceOptions.weight(2).withRescale(0.7))
                    .owning();
        }
    }

    @Nested
    class PaintingOnCuda extends OnCuda {
        @Override
        protected Denoiser open() {
            return X0Clipping.dynamic(Inpainting.of(Guidance.of(model(DIM))), 0.9, 2).owning();
        }

        @Override
        protected List<Conditioning> legal() {
            Mask mask = new Mask(new float[] {1, 2, 3, 4, 5, 6}, new float[] {0, 1, 0.5f, 0, 1, 1});
            return List.of(Conditioning.of(Condition.none()).withMask(mask), Conditioning.of(Condition.label(1)),
                    Conditioning.of(Condition.label(2)).withGuidance(GuidanceOptions.weight(3)).withMask(mask));
        }
    }

    @Test
    void predictsWhatTheClosedFormSays() {
        NoiseLevel level = NoiseLevel.ofAlphaBar(1, 0.4);
        float[][] x = {{-1, 0, 0.2f, 1, 5}};
        float[] mean = {0.25f, 0.25f, 0.25f, 0.25f, 0.25f};
        try (Denoiser exact = new GaussianDenoiser(new int[] {5}, 0.3, mean, List.of())) {
            float[][] expected = Predictions.of(TestDenoisers.gaussian(5, 0.25, 0.3, Prediction.SAMPLE), x,
                    List.of(level), Condition.none());
            assertArrayEquals(expected[0], Predictions.of(exact, x, List.of(level), Condition.none())[0], 1e-6f);
        }
    }

    /** By the lists of the batch's queue alone: what it is given later waits for nothing. */
    @Test
    void aBatchIsOneProgramOnTheQueueAndNoWait() {
        CountingDevice device = new CountingDevice(false);
        try (Denoiser guided = Guidance.of(model(DIM), 2).owning();
                Buffer rows = device.allocate(4, DIM);
                Queue queue = device.queue()) {
            Batch batch = new Batch(2);
            for (int time = 0; time < 2; time++) {
                device.reset();
                batch.begin(queue, rows, 0, rows, 2);
                batch.add(NoiseLevel.ofAlphaBar(1, 0.4), Condition.label(0));
                batch.add(NoiseLevel.ofAlphaBar(1, 0.2), Condition.label(1));
                batch.evaluateBy(guided);
            }
            assertEquals(3, device.programs(), "states of both halves, the model, and their combination");
            assertEquals(0, device.waits());
            assertEquals(0, device.copies(), "none is spoilt that is written for certain");
            assertEquals(0, device.queues());
        }
    }

    /** Rows of its own that one queue has yet to read are not written by another one. */
    @Test
    void queuesThatShareWhatIsAroundAModelDoNotMeet() {
        Device device = CudaTests.device();
        NoiseLevel level = NoiseLevel.ofAlphaBar(1, 0.4);
        float[][] inputs = Predictions.rows(2, DIM, 1);
        try (Denoiser guided = Guidance.of(model(DIM), 2).owning();
                Buffer rows = device.allocate(4, DIM);
                Queue first = device.queue();
                Queue second = device.queue()) {
            float[][] expected = Predictions.of(guided, inputs, List.of(level, level), Condition.label(3));
            float[][] found = new float[2][DIM];
            for (int time = 0; time < 20; time++) {
                for (int i = 0; i < 2; i++) {
                    Queue queue = i == 0 ? first : second;
                    Batch batch = new Batch(1);
                    batch.begin(queue, rows, 2 * i, rows, 2 * i + 1);
                    queue.write(inputs[i], 0, rows, 2 * i);
                    batch.add(level, Condition.label(3));
                    batch.evaluateBy(guided);
                    queue.read(rows, 2 * i + 1, found[i], 0);
                }
                second.await();
                first.await();
                assertArrayEquals(expected, found, "time " + time);
            }
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        float[] mean = new float[2];
        assertThrows(IllegalArgumentException.class, () -> new GaussianDenoiser(new int[] {3}, 1, mean, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new GaussianDenoiser(new int[] {2}, 0, mean, List.of()));
        assertEquals("labelMeans[1][1] NaN: must be finite",
                assertThrows(IllegalArgumentException.class, () -> new GaussianDenoiser(new int[] {2}, 1, mean,
                        List.of(mean, new float[] {0, Float.NaN}))).getMessage());
        try (Denoiser plain = new GaussianDenoiser(new int[] {2}, 1, mean, List.of())) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> plain.requireLegal(Condition.label(0))).getMessage();
            assertTrue(message.contains("this model has no labels"), message);
        }
    }

    @Test
    void otherNumbersAreAnotherModel() {
        float[] mean = new float[2];
        try (Denoiser one = new GaussianDenoiser(new int[] {2}, 1, mean, List.of());
                Denoiser same = new GaussianDenoiser(new int[] {2}, 1, new float[2], List.of());
                Denoiser labelled = new GaussianDenoiser(new int[] {2}, 1, mean, List.of(mean));
                Denoiser wider = new GaussianDenoiser(new int[] {2}, 2, mean, List.of())) {
            assertEquals(one.identity(), same.identity());
            assertNotEquals(one.identity(), labelled.identity());
            assertNotEquals(one.identity(), wider.identity());
        }
    }
}

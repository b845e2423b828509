package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Where there is no memory for the rows that go around a model, a smaller batch needs fewer of them. */
class WrapperMemoryTest {
    private static final int DIM = 5;
    private static final int FEW = 2;

    private static float[][] evaluate(CountingDevice device, Denoiser model, int count) {
        try (Buffer rows = device.allocate(2 * count, DIM)) {
            return evaluate(rows, model, count);
        }
    }

    private static float[][] evaluate(Buffer rows, Denoiser model, int count) {
        Batch batch = new Batch(count);
        batch.begin(rows, 0, rows, count);
        float[][] predictions = new float[count][DIM];
        for (int i = 0; i < count; i++) {
            rows.write(i, new float[] {i, 1, 2, 3, 4});
            batch.add(TestGrids.linear(10).level(i % 5 + 1), Condition.label(1));
        }
        model.evaluate(batch);
        for (int i = 0; i < count; i++) {
            rows.read(count + i, predictions[i]);
        }
        return predictions;
    }

    private static void assertFewerAreTaken(UnaryOperator<Denoiser> around) {
        CountingDevice device = new CountingDevice();
        try (Denoiser roomy = around.apply(TestDenoisers.bent(DIM));
                Denoiser scarce = around.apply(TestDenoisers.bent(DIM));
                Buffer many = device.allocate(16, DIM)) {
            float[][] expected = evaluate(device, roomy, FEW);
            device.limit(2 * FEW);
            assertThrows(OutOfMemoryError.class, () -> evaluate(many, scarce, 8));
            float[][] found = evaluate(many, scarce, FEW);
            for (int i = 0; i < FEW; i++) {
                assertArrayEquals(expected[i], found[i]);
            }
        }
    }

    @Test
    void halvesOfGuidance() {
        assertFewerAreTaken(model -> Guidance.of(model, 2));
    }

    @Test
    void rowsThatAreScaled() {
        assertFewerAreTaken(model -> new EdmPreconditioning(model, 0.5));
    }
}

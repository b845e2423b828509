package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conditions are values: what someone does with an array afterwards does not reach them. */
class ConditionTest {
    private static final NoiseLevel LEVEL = new NoiseLevel(1, 0.6, 0.8);

    @TempDir
    Path folder;

    @Test
    void embeddingsAreValues() {
        float[] values = {1, 2, 3, 4, 5, 6};
        Condition.Embedding embedding = new Condition.Embedding(values, 2, 3);
        Condition.Embedding same = new Condition.Embedding(values.clone(), 2, 3);
        values[0] = 9;
        embedding.values()[1] = 9;
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, embedding.values());
        assertEquals(same, embedding);
        assertEquals(same.hashCode(), embedding.hashCode());
        assertNotEquals(new Condition.Embedding(values, 2, 3), embedding);
        assertNotEquals(new Condition.Embedding(same.values(), 3, 2), embedding);
    }

    @Test
    void masksAreValues() {
        float[] image = {1, 2};
        float[] mask = {0, 1};
        Condition.Masked masked = new Condition.Masked(Condition.none(), image, mask);
        Condition.Masked same = new Condition.Masked(Condition.none(), image.clone(), mask.clone());
        image[0] = 9;
        mask[0] = 1;
        masked.image()[1] = 9;
        masked.mask()[1] = 0;
        assertArrayEquals(new float[] {1, 2}, masked.image());
        assertArrayEquals(new float[] {0, 1}, masked.mask());
        assertEquals(2, masked.image(1));
        assertEquals(1, masked.mask(1));
        assertEquals(same, masked);
        assertEquals(same.hashCode(), masked.hashCode());
        assertNotEquals(new Condition.Masked(Condition.label(1), same.image(), same.mask()), masked);
        assertEquals(masked.withInner(Condition.label(1)),
                new Condition.Masked(Condition.label(1), same.image(), same.mask()));
    }

    /** The module adds the embedding's value [1, 2], which lies at index 6, to the state. */
    @Test
    void anArrayThatIsRefilledBetweenTwoCallsGivesNewEmbeddingsAndLeavesOldOnesAlone() throws IOException {
        float[] values = new float[8];
        try (TorchScriptDenoiser model = TorchScriptDenoiser.load(TestModules.embedded(folder))) {
            values[6] = 1;
            Condition first = new Condition.Embedding(values, 2, 4);
            assertEquals(1, predicted(model, first));
            values[6] = 20;
            assertEquals(20, predicted(model, new Condition.Embedding(values, 2, 4)));
            assertEquals(1, predicted(model, first));
        }
    }

    private static float predicted(Denoiser model, Condition condition) {
        return Predictions.of(model, new float[1][30], List.of(LEVEL), condition)[0][0];
    }
}

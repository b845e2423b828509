package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TestModules;
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
        Mask given = new Mask(image, mask);
        Mask same = new Mask(image.clone(), mask.clone());
        image[0] = 9;
        mask[0] = 1;
        given.known()[1] = 9;
        given.mask()[1] = 0;
        assertArrayEquals(new float[] {1, 2}, given.known());
        assertArrayEquals(new float[] {0, 1}, given.mask());
        assertEquals(2, given.known(1));
        assertEquals(1, given.mask(1));
        assertEquals(same, given);
        assertEquals(same.hashCode(), given.hashCode());
        assertNotEquals(new Mask(same.known(), new float[2]), given);
        assertNotEquals(new Mask(new float[2], same.mask()), given);
    }

    @Test
    void conditioningsAreValues() {
        Mask mask = new Mask(new float[2], new float[2]);
        GuidanceOptions guidance = GuidanceOptions.weight(3).withUnconditional(Condition.label(7));
        Conditioning all = Conditioning.of(Condition.label(1)).withMask(mask).withGuidance(guidance);
        Conditioning same = Conditioning.of(Condition.none()).withGuidance(GuidanceOptions.weight(3)).withMask(mask)
                .withCondition(Condition.label(1)).withGuidance(guidance);
        assertEquals(all, same);
        assertEquals(all.hashCode(), same.hashCode());
        for (Conditioning other : List.of(all.withCondition(Condition.label(2)), all.withMask(null),
                all.withGuidance(null), all.withGuidance(GuidanceOptions.weight(3)),
                all.withMask(new Mask(new float[2], new float[] {0, 1})))) {
            assertNotEquals(all, other);
        }
        assertSame(Conditioning.of(Condition.none()), all.withMask(null).withGuidance(null)
                .withCondition(Condition.none()));
        assertThrows(NullPointerException.class, () -> all.withCondition(null));
        assertThrows(NullPointerException.class, () -> Conditioning.of(null));
    }

    @Test
    void whatIsLeftOfAConditioningBehindGuidanceAndPaintingIsMadeOnce() {
        Mask mask = new Mask(new float[2], new float[2]);
        Conditioning plain = Conditioning.of(Condition.label(1));
        Conditioning all = plain.withMask(mask)
                .withGuidance(GuidanceOptions.weight(3).withUnconditional(Condition.label(7)));
        assertEquals(plain.withMask(mask), all.unguided());
        assertEquals(plain.withGuidance(all.guidance()), all.unmasked());
        assertEquals(plain, all.unmasked().unguided());
        assertEquals(Conditioning.of(Condition.label(7)), all.unconditional());
        assertSame(all.unguided(), all.unguided());
        assertSame(all.unmasked(), all.unmasked());
        assertSame(all.unconditional(), all.unconditional());
        assertSame(plain, plain.unguided());
        assertSame(plain, plain.unmasked());
        assertNull(plain.unconditional());
    }

    /** The module adds the embedding's value [1, 2], which lies at index 6, to the state. */
    @Test
    void anArrayThatIsRefilledBetweenTwoCallsGivesNewEmbeddingsAndLeavesOldOnesAlone() throws IOException {
        float[] values = new float[8];
        try (PretrainedDenoiser model = ModelFile.load(TestModules.embedded(folder))) {
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

package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class PictureRequestTest {
    private static final float[] START = {1, 2, 3};

    @Test
    void aStartStaysWhateverTheSeed() {
        PictureRequest started = PictureRequest.of("x").withStart(START);

        assertArrayEquals(START, started.withSeed(7).noise().start());
        List<PictureRequest> both = PictureRequest.ofOneGenerator(7, List.of(started, PictureRequest.of("y")));
        assertArrayEquals(START, both.get(0).noise().start());
        assertEquals(7, both.get(0).seed());
    }

    @Test
    void morePicturesOfOneGeneratorThanAnArrayHoldsAreRefused() {
        Exception refusal = assertThrows(IllegalArgumentException.class,
                () -> new PictureNoise(new PictureRequest.Noise(0, 0, 100_000, false, null), 1 << 16));
        assertEquals("pictures of one generator 100000: must be 1 to 32767", refusal.getMessage());
    }
}

package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodedTilesTest {
    private static final int FACTOR = 2;

    /** Every pixel is its latent's value, in three colours of the first three channels. */
    private static float[] enlarge(float[] latent, int height, int width) {
        float[] pixels = new float[3 * height * width * FACTOR * FACTOR];
        for (int i = 0; i < pixels.length; i++) {
            int x = i % (width * FACTOR) / FACTOR;
            int y = i / (width * FACTOR) % (height * FACTOR) / FACTOR;
            pixels[i] = latent[(i / (width * height * FACTOR * FACTOR) * height + y) * width + x];
        }
        return pixels;
    }

    @Test
    void tilesComeToTheWholePicture() {
        int[] shape = {4, 11, 17};
        float[] latent = new float[4 * 11 * 17];
        for (int i = 0; i < latent.length; i++) {
            latent[i] = (i * 37 % 101) / 101f;
        }
        float[] picture = new float[3 * 22 * 34];
        List<String> tiles = new ArrayList<>();
        DecodedTiles.decode(latent, shape, FACTOR, picture, (tile, height, width) -> {
            tiles.add(height + "x" + width);
            return enlarge(tile, height, width);
        }, 6, 2);

        assertArrayEquals(enlarge(latent, 11, 17), picture, 1e-6f);
        assertEquals(List.of("6x6", "6x6", "6x6", "6x5", "6x6", "6x6", "6x6", "6x5", "3x6", "3x6", "3x6", "3x5"),
                tiles);
    }

    /** A picture of so many latents where each tile is its number, from 0. */
    private static float[] numbered(int high, int wide) {
        float[] picture = new float[3 * high * wide * FACTOR * FACTOR];
        int[] number = {0};
        DecodedTiles.decode(new float[3 * high * wide], new int[] {3, high, wide}, FACTOR, picture,
                (tile, height, width) -> {
                    float[] pixels = new float[3 * height * width * FACTOR * FACTOR];
                    Arrays.fill(pixels, number[0]++);
                    return pixels;
                }, 6, 2);
        return picture;
    }

    /** What a tile sees otherwise than its neighbour fades from the one to the other. */
    @Test
    void whereTilesDifferTheyAreBlended() {
        float[] picture = numbered(1, 10);

        assertEquals(0, picture[7]);
        assertEquals(1, picture[12]);
        for (int x = 8; x <= 12; x++) {
            assertTrue(picture[x] >= picture[x - 1] && picture[x] - picture[x - 1] <= 0.3f);
        }
    }

    /** Where four tiles meet, too: what two of them say of one direction does not change with the other one. */
    @Test
    void cornersAreBlendedInBothDirections() {
        float[] picture = numbered(10, 10);

        for (int i = 0; i < picture.length; i++) {
            assertEquals(ramp(i % 20) + 2 * ramp(i / 20 % 20), picture[i], 1e-6, "pixel " + i);
        }
    }

    private static float ramp(int at) {
        return Math.max(0, Math.min(1, (at - 7.5f) / 4));
    }
}

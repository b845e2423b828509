package dev.paraflux.pipeline;

import java.util.Arrays;

/**
 * Decodes large latents in tiles that overlap, each blended into its neighbours, so that memory does not
 * grow with the picture. Small ones are decoded at once.
 */
final class DecodedTiles {
    /** Latents of a tile, on each side: a picture of 1024 pixels by an autoencoder of the usual factor, 8. */
    private static final int SIDE = 128;
    /** Every tile but the first begins so many latents inside the one before. */
    private static final int OVERLAP = 32;

    /** Decodes one tile. */
    @FunctionalInterface
    interface Network {
        /** Latents [channels, height, width] to pixels [3, height factor, width factor]. */
        float[] decode(float[] latent, int height, int width);
    }

    private DecodedTiles() {}

    /**
     * Decodes.
     *
     * @param shape   of the latents
     * @param factor  pixels of a latent, on each side
     * @param picture receives [3, height factor, width factor]
     */
    static void decode(float[] latent, int[] shape, int factor, float[] picture, Network network) {
        decode(latent, shape, factor, picture, network, SIDE, OVERLAP);
    }

    /** The same with tiles of other sizes. */
    static void decode(float[] latent, int[] shape, int factor, float[] picture, Network network, int side,
            int overlap) {
        int width = shape[2] * factor;
        Arrays.fill(picture, 0);
        for (int top = 0; top == 0 || top + overlap < shape[1]; top += side - overlap) {
            int high = Math.min(side, shape[1] - top);
            for (int left = 0; left == 0 || left + overlap < shape[2]; left += side - overlap) {
                int wide = Math.min(side, shape[2] - left);
                float[] pixels = network.decode(cut(latent, shape, top, left, high, wide), high, wide);
                for (int i = 0; i < pixels.length; i++) {
                    int x = i % (wide * factor);
                    int y = i / (wide * factor) % (high * factor);
                    int at = (i / (wide * factor) / (high * factor) * shape[1] * factor + top * factor + y) * width
                            + left * factor + x;
                    picture[at] += share(left, x, shape[2], factor, side, overlap)
                            * share(top, y, shape[1], factor, side, overlap) * pixels[i];
                }
            }
        }
    }

    /**
     * How much of a tile counts at a distance from its edge: all of it but where it overlaps the one before or the next one,
     * and those of one place come to 1.
     *
     * @param from where it begins, of {@code all} latents
     * @param at   pixels from there
     */
    private static float share(int from, int at, int all, int factor, int side, int overlap) {
        int next = at - (side - overlap) * factor;
        if (next >= 0 && from + side < all) {
            return 1 - rise(next, overlap * factor);
        }
        return from == 0 || at >= overlap * factor ? 1 : rise(at, overlap * factor);
    }

    private static float rise(int at, int overlap) {
        return (at + 0.5f) / overlap;
    }

    private static float[] cut(float[] latent, int[] shape, int top, int left, int high, int wide) {
        if (high == shape[1] && wide == shape[2]) {
            return latent;
        }
        float[] tile = new float[shape[0] * high * wide];
        for (int row = 0; row < shape[0] * high; row++) {
            int from = (row / high * shape[1] + top + row % high) * shape[2] + left;
            System.arraycopy(latent, from, tile, row * wide, wide);
        }
        return tile;
    }
}

package dev.paraflux.noise;

import java.nio.FloatBuffer;

/**
 * The CPU random generator of PyTorch: the values of {@code torch.manual_seed(seed); torch.randn(shape)}.
 *
 * <p>Use one per sample, so that its noise depends on its seed alone. From 16 values on, the result is that of
 * PyTorch's AVX2 kernel bit for bit (compared with libtorch 2.10); below 16 values it is computed in double and
 * rounded. PyTorch itself differs between machines: without AVX2 it calls the C library's functions, and four of ten
 * values differ from these, by up to 2.3e-6.
 *
 * <p>Not thread-safe.
 */
public final class TorchRandom {
    private static final int BLOCK = BoxMuller.BLOCK;

    private final MersenneTwister bits;
    private final float[] block = new float[BLOCK];
    private double keptNormal = Double.NaN;

    /**
     * A generator at the start of a seed's stream.
     *
     * @param seed any value. As in PyTorch, the low 32 bits alone decide: seeds 5 and 2^32 + 5 give the same noise.
     */
    public TorchRandom(long seed) {
        bits = new MersenneTwister((int) seed);
    }

    /** Goes to the start of a seed's stream, as if it had been made with that seed: without garbage. */
    public void restart(long seed) {
        bits.restart((int) seed);
        keptNormal = Double.NaN;
    }

    /**
     * Fills an array with standard normal values, as one call of {@code torch.randn} with that many elements does.
     *
     * <p>Consecutive calls go on in the stream as consecutive calls in Python do. Two calls of n values are not one of
     * 2n: PyTorch draws the last 16 values of a call again when its size is no multiple of 16.
     *
     * @param target any length
     */
    public void fillNormal(float[] target) {
        fillNormal(FloatBuffer.wrap(target));
    }

    /**
     * Fills what remains of a buffer, from its position to its limit, and leaves both where they are; otherwise as
     * {@link #fillNormal(float[])}.
     *
     * @param target  writable
     * @throws java.nio.ReadOnlyBufferException if it is not
     */
    public void fillNormal(FloatBuffer target) {
        int end = target.limit();
        int i = target.position();
        if (end - i < BLOCK) {
            for (; i < end; i++) {
                target.put(i, (float) nextNormal());
            }
            return;
        }
        for (; i + BLOCK <= end; i += BLOCK) {
            putNormalBlock(target, i);
        }
        if (i < end) {
            for (; i < end; i++) {
                bits.nextInt(); // drawn for the ragged end, and dropped
            }
            putNormalBlock(target, end - BLOCK);
        }
    }

    private void putNormalBlock(FloatBuffer target, int index) {
        for (int j = 0; j < BLOCK; j++) {
            block[j] = (bits.nextInt() & 0xffffff) * 0x1p-24f;
        }
        BoxMuller.transform(block);
        target.put(index, block);
    }

    /** One value in double; every second one is kept from the call before. */
    private double nextNormal() {
        if (!Double.isNaN(keptNormal)) {
            double kept = keptNormal;
            keptNormal = Double.NaN;
            return kept;
        }
        double theta = 2 * Math.PI * nextUniform();
        double radius = Math.sqrt(-2 * Math.log1p(-nextUniform()));
        keptNormal = radius * Math.sin(theta);
        return radius * Math.cos(theta);
    }

    /** 53 random bits: uniform in [0, 1). */
    private double nextUniform() {
        long high = bits.nextInt();
        long low = bits.nextInt() & 0xffffffffL;
        return ((high << 32 | low) & 0x1fffffffffffffL) * 0x1p-53;
    }
}

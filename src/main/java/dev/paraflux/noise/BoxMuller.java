package dev.paraflux.noise;

/**
 * The Box-Muller transform in single precision, rounded step by step as PyTorch's vectorised kernel rounds it.
 *
 * <p>Logarithm, sine and cosine are the polynomials of the Cephes library (S. L. Moshier, logf.c and sinf.c), with a
 * fused multiply-add wherever PyTorch's x86 build has one. Better polynomials would give other last bits, and with
 * them another picture than Python's.
 */
final class BoxMuller {
    /** Values made at once: the first half of a block are the cosines, the second half the sines. */
    static final int BLOCK = 16;

    private static final float TWO_PI = (float) (2 * Math.PI);
    private static final float FOUR_OVER_PI = 1.27323954473516f;
    private static final float SQRT_HALF = 0.707106781186547524f;

    private BoxMuller() {}

    /** Turns 16 uniform values of [0, 1) into 16 standard normal ones, in place. */
    static void transform(float[] block) {
        for (int j = 0; j < BLOCK / 2; j++) {
            float radius = (float) Math.sqrt(-2f * log(1f - block[j]));
            float theta = TWO_PI * block[j + BLOCK / 2];
            // Adding zero is PyTorch's mean: it turns -0 into 0.
            block[j] = radius * cosOrSin(theta, true) + 0f;
            block[j + BLOCK / 2] = radius * cosOrSin(theta, false) + 0f;
        }
    }

    /** The natural logarithm of x in (0, 1]. */
    private static float log(float x) {
        int exponent = Math.getExponent(x) + 1;
        float mantissa = Float.intBitsToFloat((Float.floatToRawIntBits(x) & 0x007fffff) | 0x3f000000); // [0.5, 1)
        if (mantissa < SQRT_HALF) {
            exponent -= 1;
            mantissa = (mantissa - 1f) + mantissa;
        } else {
            mantissa -= 1f;
        }
        float square = mantissa * mantissa;
        float y = 7.0376836292e-2f;
        y = Math.fma(y, mantissa, -1.1514610310e-1f);
        y = Math.fma(y, mantissa, 1.1676998740e-1f);
        y = Math.fma(y, mantissa, -1.2420140846e-1f);
        y = Math.fma(y, mantissa, 1.4249322787e-1f);
        y = Math.fma(y, mantissa, -1.6668057665e-1f);
        y = Math.fma(y, mantissa, 2.0000714765e-1f);
        y = Math.fma(y, mantissa, -2.4999993993e-1f);
        y = Math.fma(y, mantissa, 3.3333331174e-1f);
        y *= mantissa;
        // The logarithm of 2 in two parts: 0.693359375 is exact in few bits.
        y = Math.fma(y, square, exponent * -2.12194440e-4f);
        y = Math.fma(-0.5f, square, y);
        return Math.fma(exponent, 0.693359375f, mantissa + y);
    }

    /** The cosine or the sine of theta in [0, 2 pi]. */
    private static float cosOrSin(float theta, boolean cosine) {
        int octant = ((int) (theta * FOUR_OVER_PI) + 1) & ~1;
        // theta less octant * pi / 4, with pi / 4 in three parts.
        float x = Math.fma((float) octant, -0.78515625f, theta);
        x = Math.fma((float) octant, -2.4187564849853515625e-4f, x);
        x = Math.fma((float) octant, -3.77489497744594108e-8f, x);
        float square = x * x;
        boolean quarterTurned = (octant & 2) != 0;
        float value = cosine == quarterTurned ? sinNearZero(x, square) : cosNearZero(square);
        boolean negative = cosine ? ((octant - 2) & 4) == 0 : (octant & 4) != 0;
        return negative ? -value : value;
    }

    private static float sinNearZero(float x, float square) {
        float y = -1.9515295891e-4f;
        y = Math.fma(y, square, 8.3321608736e-3f);
        y = Math.fma(y, square, -1.6666654611e-1f);
        return Math.fma(y * square, x, x);
    }

    private static float cosNearZero(float square) {
        float y = 2.443315711809948e-5f;
        y = Math.fma(y, square, -1.388731625493765e-3f);
        y = Math.fma(y, square, 4.166664568298827e-2f);
        return Math.fma(y * square, square, -0.5f * square) + 1f;
    }
}

package dev.paraflux.schedule;

/**
 * The noise ratios of the training steps as diffusers has them, in floats. They matter where a sampler's own roundings are
 * a part of its sample, as DEIS's are.
 */
final class FloatSigmas {
    private FloatSigmas() {}

    /** The ratios of linear betas. */
    static double[] linear(int trainingSteps, double betaStart, double betaEnd) {
        return ofBetas(linspace(trainingSteps, betaStart, betaEnd));
    }

    /** The ratios of betas whose square roots are linear. */
    static double[] scaledLinear(int trainingSteps, double betaStart, double betaEnd) {
        float[] betas = linspace(trainingSteps, Math.sqrt(betaStart), Math.sqrt(betaEnd));
        for (int i = 0; i < betas.length; i++) {
            betas[i] *= betas[i];
        }
        return ofBetas(betas);
    }

    /** torch.linspace: from both ends, with one rounding a value. */
    private static float[] linspace(int count, double first, double last) {
        float start = (float) first;
        float end = (float) last;
        float step = (end - start) / (count - 1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (i < count / 2 ? start + (double) step * i : end - (double) step * (count - 1 - i));
        }
        return values;
    }

    private static double[] ofBetas(float[] betas) {
        double[] sigmas = new double[betas.length];
        double product = 1;
        for (int i = 0; i < betas.length; i++) {
            product *= 1 - betas[i];
            float alphaBar = (float) product;
            sigmas[i] = (float) Math.sqrt((1 - alphaBar) / alphaBar);
        }
        return sigmas;
    }
}

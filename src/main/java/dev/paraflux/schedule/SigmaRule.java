package dev.paraflux.schedule;

/** The {@link SigmaSpacing}s that a file can ask for. */
public enum SigmaRule implements SigmaSpacing {
    /** {@link SigmaSpacing#karras()}: {@code use_karras_sigmas}. */
    KARRAS("use_karras_sigmas") {
        @Override
        public double sigma(double share, double sigmaMin, double sigmaMax) {
            return SigmaSpacing.karras().sigma(share, sigmaMin, sigmaMax);
        }
    },
    /** {@link SigmaSpacing#exponential()}: {@code use_exponential_sigmas} and {@code use_lu_lambdas}. */
    EXPONENTIAL("use_exponential_sigmas") {
        @Override
        public double sigma(double share, double sigmaMin, double sigmaMax) {
            return SigmaSpacing.exponential().sigma(share, sigmaMin, sigmaMax);
        }
    },
    /** {@link SigmaSpacing#beta()}: {@code use_beta_sigmas}. */
    BETA("use_beta_sigmas") {
        @Override
        public double sigma(double share, double sigmaMin, double sigmaMax) {
            return SigmaSpacing.beta().sigma(share, sigmaMin, sigmaMax);
        }
    };

    private final String key;

    SigmaRule(String key) {
        this.key = key;
    }

    /** The ratios from the greatest to the least, both among them; one alone is the greatest. */
    double[] between(int count, double most, double least) {
        StepMemory.require(count);
        double[] sigmas = new double[count];
        for (int i = 0; i < count; i++) {
            sigmas[i] = count == 1 ? most : sigma(i / (count - 1.0), least, most);
        }
        return sigmas;
    }

    /** The key that asks for it. */
    String key() {
        return key;
    }
}

package dev.paraflux.schedule;

/** The {@link SigmaSpacing}s that a file can ask for. */
public enum SigmaRule implements SigmaSpacing {
    /** {@link SigmaSpacing#karras()}: {@code use_karras_sigmas}. */
    KARRAS {
        @Override
        public double sigma(double share, double sigmaMin, double sigmaMax) {
            return SigmaSpacing.karras().sigma(share, sigmaMin, sigmaMax);
        }
    },
    /** {@link SigmaSpacing#exponential()}: {@code use_exponential_sigmas} and {@code use_lu_lambdas}. */
    EXPONENTIAL {
        @Override
        public double sigma(double share, double sigmaMin, double sigmaMax) {
            return SigmaSpacing.exponential().sigma(share, sigmaMin, sigmaMax);
        }
    }
}

package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;

/**
 * What a model's output m means. The sample x0 and the noise eps are linear in the state x and in m; a solver asks for
 * the coefficients:
 *
 * <pre>
 * x0  = x0OfState x      + x0OfOutput m
 * eps = epsilonOfState x + epsilonOfOutput m
 * </pre>
 */
public enum Prediction {
    /** The noise: m = eps. Says nothing about x0 where alpha is 0. */
    EPSILON {
        @Override
        public double x0OfState(NoiseLevel level) {
            return 1 / requireSignal(level);
        }

        @Override
        public double x0OfOutput(NoiseLevel level) {
            return -level.sigma() / requireSignal(level);
        }

        @Override
        public double epsilonOfState(NoiseLevel level) {
            return 0;
        }

        @Override
        public double epsilonOfOutput(NoiseLevel level) {
            return 1;
        }

        @Override
        public double outputOfX0(NoiseLevel level) {
            return 0;
        }

        @Override
        public double outputOfEpsilon(NoiseLevel level) {
            return 1;
        }
    },
    /** The sample: m = x0. Says nothing about eps where sigma is 0. */
    SAMPLE {
        @Override
        public double x0OfState(NoiseLevel level) {
            return 0;
        }

        @Override
        public double x0OfOutput(NoiseLevel level) {
            return 1;
        }

        @Override
        public double epsilonOfState(NoiseLevel level) {
            return 1 / requireNoise(level);
        }

        @Override
        public double epsilonOfOutput(NoiseLevel level) {
            return -level.alpha() / requireNoise(level);
        }

        @Override
        public double outputOfX0(NoiseLevel level) {
            return 1;
        }

        @Override
        public double outputOfEpsilon(NoiseLevel level) {
            return 0;
        }
    },
    /** The velocity: m = alpha eps - sigma x0 (Salimans and Ho, arXiv 2202.00512). Defined at every level. */
    VELOCITY {
        @Override
        public double x0OfState(NoiseLevel level) {
            return level.alpha() / power(level);
        }

        @Override
        public double x0OfOutput(NoiseLevel level) {
            return -level.sigma() / power(level);
        }

        @Override
        public double epsilonOfState(NoiseLevel level) {
            return level.sigma() / power(level);
        }

        @Override
        public double epsilonOfOutput(NoiseLevel level) {
            return level.alpha() / power(level);
        }

        @Override
        public double outputOfX0(NoiseLevel level) {
            return -level.sigma();
        }

        @Override
        public double outputOfEpsilon(NoiseLevel level) {
            return level.alpha();
        }
    },
    /**
     * The velocity of flow matching: m = eps - x0, along x = (1 - tau) x0 + tau eps (Lipman et al., arXiv 2210.02747;
     * Liu et al., arXiv 2209.03003). Defined at every level.
     */
    FLOW {
        @Override
        public double x0OfState(NoiseLevel level) {
            return 1 / (level.alpha() + level.sigma());
        }

        @Override
        public double x0OfOutput(NoiseLevel level) {
            return -level.sigma() / (level.alpha() + level.sigma());
        }

        @Override
        public double epsilonOfState(NoiseLevel level) {
            return 1 / (level.alpha() + level.sigma());
        }

        @Override
        public double epsilonOfOutput(NoiseLevel level) {
            return level.alpha() / (level.alpha() + level.sigma());
        }

        @Override
        public double outputOfX0(NoiseLevel level) {
            return -1;
        }

        @Override
        public double outputOfEpsilon(NoiseLevel level) {
            return 1;
        }
    };

    /**
     * The share of the state in x0.
     *
     * @throws IllegalArgumentException for EPSILON where alpha is 0
     */
    public abstract double x0OfState(NoiseLevel level);

    /**
     * The share of the output in x0.
     *
     * @throws IllegalArgumentException for EPSILON where alpha is 0
     */
    public abstract double x0OfOutput(NoiseLevel level);

    /**
     * The share of the state in eps.
     *
     * @throws IllegalArgumentException for SAMPLE where sigma is 0
     */
    public abstract double epsilonOfState(NoiseLevel level);

    /**
     * The share of the output in eps.
     *
     * @throws IllegalArgumentException for SAMPLE where sigma is 0
     */
    public abstract double epsilonOfOutput(NoiseLevel level);

    /** The share of x0 in the output: m = outputOfX0 x0 + outputOfEpsilon eps. */
    public abstract double outputOfX0(NoiseLevel level);

    /** The share of eps in the output. */
    public abstract double outputOfEpsilon(NoiseLevel level);

    private static double requireSignal(NoiseLevel level) {
        if (level.alpha() == 0) {
            throw new IllegalValueException("alpha at time " + level.time(), level.alpha(),
                    "above 0 for a model that predicts epsilon, which says nothing about the sample there (zero terminal"
                            + " SNR); one that predicts v or the sample does");
        }
        return level.alpha();
    }

    private static double requireNoise(NoiseLevel level) {
        if (level.sigma() == 0) {
            throw new IllegalValueException("sigma at time " + level.time(), level.sigma(),
                    "above 0 for a model that predicts the sample, which says nothing about the noise there");
        }
        return level.sigma();
    }

    /** 1 for a variance-preserving level; the division keeps the formulas true for any other. */
    private static double power(NoiseLevel level) {
        return level.alpha() * level.alpha() + level.sigma() * level.sigma();
    }
}

package dev.paraflux.solver;

/**
 * The weights of exponential integrators: integrals of Lagrange's polynomials with the exponential,
 *
 * <pre>w_k = integral of L_k(u) exp(u) du from 0 to end,      L_k(u_k) = 1, 0 at the other nodes</pre>
 *
 * <p>in closed form. With as many nodes these solve the system R rho = b of UniPC (arXiv 2302.04867, theorem 3.1), since
 * that is what makes them exact for all polynomials below the number of nodes; the B(h) of the paper cancels.
 */
final class ExponentialWeights {
    private static final int SERIES_TERMS = 24;

    private ExponentialWeights() {}

    /** The weights of the nodes, which all differ. */
    static double[] of(double end, double... nodes) {
        double[] moments = moments(end, nodes.length);
        double[] weights = new double[nodes.length];
        for (int k = 0; k < nodes.length; k++) {
            double[] polynomial = Lagrange.polynomial(k, nodes);
            for (int n = 0; n < nodes.length; n++) {
                weights[k] += polynomial[n] * moments[n];
            }
        }
        return weights;
    }

    /** The integrals of u^n exp(u) from 0 to end: by parts, or where that cancels, term by term of the series of exp. */
    private static double[] moments(double end, int count) {
        double[] moments = new double[count];
        for (int n = 0; n < count; n++) {
            if (Math.abs(end) > 1) {
                moments[n] = n == 0 ? Math.expm1(end) : Math.pow(end, n) * Math.exp(end) - n * moments[n - 1];
            } else {
                double power = Math.pow(end, n + 1);
                for (int term = 0; term < SERIES_TERMS; term++) {
                    moments[n] += power / (n + 1 + term);
                    power *= end / (term + 1);
                }
            }
        }
        return moments;
    }
}

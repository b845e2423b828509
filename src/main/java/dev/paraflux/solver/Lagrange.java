package dev.paraflux.solver;

/** Lagrange's polynomials, which are 1 at a node and 0 at the others. */
final class Lagrange {
    private Lagrange() {}

    /** The coefficients of L_k, lowest power first. */
    static double[] polynomial(int k, double[] nodes) {
        double[] polynomial = new double[nodes.length];
        polynomial[0] = 1;
        for (int j = 0; j < nodes.length; j++) {
            if (j != k) {
                double scale = 1 / (nodes[k] - nodes[j]);
                for (int n = nodes.length - 1; n >= 0; n--) {
                    polynomial[n] = scale * ((n == 0 ? 0 : polynomial[n - 1]) - nodes[j] * polynomial[n]);
                }
            }
        }
        return polynomial;
    }
}

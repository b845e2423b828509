package dev.paraflux.iia;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * The oracle of the normal equations: vectors and a target as they are, without their inner products, by EJML's
 * singular values.
 *
 * @param vectors one column a vector
 * @param target  as many values as a vector has
 */
record LeastSquares(DMatrixRMaj vectors, double[] target) {
    private static final int LENGTH = 40;
    private static final double DEPENDENT = 1e-7;

    /** Of several samples, one after the other: of each its vectors, and last its target. */
    static LeastSquares of(List<double[][]> samples) {
        int count = samples.get(0).length - 1;
        int dim = samples.get(0)[count].length;
        DMatrixRMaj matrix = new DMatrixRMaj(samples.size() * dim, count);
        double[] target = new double[samples.size() * dim];
        for (int s = 0; s < samples.size(); s++) {
            for (int e = 0; e < dim; e++) {
                for (int c = 0; c < count; c++) {
                    matrix.set(s * dim + e, c, samples.get(s)[c][e]);
                }
                target[s * dim + e] = samples.get(s)[count][e];
            }
        }
        return new LeastSquares(matrix, target);
    }

    /** Normal random vectors of a rank, those that depend on others well away from 0, and a target that they do not reach. */
    static LeastSquares random(Random random, int count, int rank) {
        DMatrixRMaj independent = gaussian(random, LENGTH, rank);
        DMatrixRMaj mixed = new DMatrixRMaj(LENGTH, count);
        if (rank > 0) {
            DMatrixRMaj mix = gaussian(random, rank, count);
            for (int c = 0; c < rank; c++) {
                // Vectors that are independent stay so by more than a rounding.
                mix.add(c, c, 6);
            }
            CommonOps_DDRM.mult(independent, mix, mixed);
        }
        return new LeastSquares(mixed, random.doubles(LENGTH, -1, 1).toArray());
    }

    private static DMatrixRMaj gaussian(Random random, int rows, int columns) {
        DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            matrix.data[i] = random.nextGaussian();
        }
        return matrix;
    }

    int count() {
        return vectors.numCols;
    }

    /** The same with other units. */
    LeastSquares scaled(double[] units) {
        DMatrixRMaj scaled = vectors.copy();
        CommonOps_DDRM.multCols(scaled, units);
        return new LeastSquares(scaled, target);
    }

    /** The same with vectors of length 1. */
    LeastSquares unit() {
        double[] units = new double[count()];
        double[][] gram = gram();
        for (int c = 0; c < count(); c++) {
            units[c] = 1 / Math.sqrt(gram[c][c]);
        }
        return scaled(units);
    }

    double[][] gram() {
        DMatrixRMaj gram = new DMatrixRMaj(count(), count());
        CommonOps_DDRM.multTransA(vectors, vectors, gram);
        double[][] rows = new double[count()][count()];
        for (int a = 0; a < count(); a++) {
            for (int b = 0; b < count(); b++) {
                rows[a][b] = gram.get(a, b);
            }
        }
        return rows;
    }

    /** Inner products of each vector with the target. */
    double[] products() {
        DMatrixRMaj products = new DMatrixRMaj(count(), 1);
        CommonOps_DDRM.multTransA(vectors, column(target), products);
        return products.data;
    }

    /** All of them in normal equations. */
    NormalEquations equations() {
        NormalEquations equations = new NormalEquations(count());
        double[][] gram = gram();
        double[] products = products();
        for (int a = 0; a < count(); a++) {
            for (int b = a; b < count(); b++) {
                equations.add(a, b, gram[a][b]);
            }
            equations.add(a, count(), products[a]);
        }
        double squares = 0;
        for (double value : target) {
            squares += value * value;
        }
        equations.add(count(), count(), squares);
        return equations;
    }

    /** Of the factors that come nearest to the target, the shortest ones. */
    double[] leastNormFactors() {
        return leastNormFactors(DEPENDENT);
    }

    /** The same where singular values below this share of the largest one count as 0. */
    double[] leastNormFactors(double dependent) {
        DMatrixRMaj factors = new DMatrixRMaj(count(), 1);
        var decomposition = DecompositionFactory_DDRM.svd(vectors.numRows, count(), true, true, true);
        decomposition.decompose(vectors.copy());
        DMatrixRMaj u = decomposition.getU(null, false);
        DMatrixRMaj v = decomposition.getV(null, false);
        double[] values = decomposition.getSingularValues();
        double least = dependent * largest(values);
        for (int p = 0; p < count(); p++) {
            if (values[p] > least) {
                double along = 0;
                for (int e = 0; e < target.length; e++) {
                    along += u.get(e, p) * target[e] / values[p];
                }
                for (int c = 0; c < count(); c++) {
                    factors.add(c, 0, along * v.get(c, p));
                }
            }
        }
        return factors.data;
    }

    /** How many singular values are above this share of the largest one. */
    int rank(double dependent) {
        var decomposition = DecompositionFactory_DDRM.svd(vectors.numRows, count(), false, false, true);
        decomposition.decompose(vectors.copy());
        double[] values = decomposition.getSingularValues();
        double least = dependent * largest(values);
        return (int) Arrays.stream(values).filter(value -> value > least).count();
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        return largest;
    }

    /** sum_c k_c v_c. */
    double[] sum(double[] factors) {
        DMatrixRMaj sum = new DMatrixRMaj(target.length, 1);
        CommonOps_DDRM.mult(vectors, column(factors), sum);
        return sum.data;
    }

    /** |target - sum_c k_c v_c| / |target|. */
    double shareLeft(double[] factors) {
        double[] sum = sum(factors);
        double left = 0;
        double all = 0;
        for (int e = 0; e < target.length; e++) {
            left += (target[e] - sum[e]) * (target[e] - sum[e]);
            all += target[e] * target[e];
        }
        return Math.sqrt(left / all);
    }

    private static DMatrixRMaj column(double[] values) {
        DMatrixRMaj column = new DMatrixRMaj(values.length, 1);
        System.arraycopy(values, 0, column.data, 0, values.length);
        return column;
    }
}

package dev.paraflux.benchmarks;

import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/** What a program can do with rows of float32 where there are no kernels for it: BLAS's first level, or loops. */
interface RowArithmetic extends AutoCloseable {
    /** to = from. */
    void copy(int from, int to);

    /** to = to + factor x from. */
    void add(double factor, int from, int to);

    /** row = factor x row. */
    void scale(double factor, int row);

    /** The inner product of two rows. */
    double dot(int a, int b);

    @Override
    void close();

    /** By calls of OpenBLAS, on one thread. */
    static RowArithmetic openBlas(int rows, int dim) {
        openblas.blas_set_num_threads(1);
        FloatPointer[] pointers = new FloatPointer[rows];
        for (int i = 0; i < rows; i++) {
            pointers[i] = new FloatPointer(randomRow(i, dim));
        }
        return new RowArithmetic() {
            @Override
            public void copy(int from, int to) {
                openblas.cblas_scopy(dim, pointers[from], 1, pointers[to], 1);
            }

            @Override
            public void add(double factor, int from, int to) {
                openblas.cblas_saxpy(dim, (float) factor, pointers[from], 1, pointers[to], 1);
            }

            @Override
            public void scale(double factor, int row) {
                openblas.cblas_sscal(dim, (float) factor, pointers[row], 1);
            }

            @Override
            public double dot(int a, int b) {
                return openblas.cblas_sdot(dim, pointers[a], 1, pointers[b], 1);
            }

            @Override
            public void close() {
                for (FloatPointer pointer : pointers) {
                    pointer.close();
                }
            }
        };
    }

    /** By loops over arrays. */
    static RowArithmetic plainJava(int rows, int dim) {
        float[][] values = new float[rows][];
        for (int i = 0; i < rows; i++) {
            values[i] = randomRow(i, dim);
        }
        return new RowArithmetic() {
            @Override
            public void copy(int from, int to) {
                System.arraycopy(values[from], 0, values[to], 0, dim);
            }

            @Override
            public void add(double factor, int from, int to) {
                float[] x = values[from];
                float[] y = values[to];
                for (int e = 0; e < dim; e++) {
                    y[e] += (float) factor * x[e];
                }
            }

            @Override
            public void scale(double factor, int row) {
                float[] x = values[row];
                for (int e = 0; e < dim; e++) {
                    x[e] *= (float) factor;
                }
            }

            @Override
            public double dot(int a, int b) {
                float[] x = values[a];
                float[] y = values[b];
                double sum = 0;
                for (int e = 0; e < dim; e++) {
                    sum += (double) x[e] * y[e];
                }
                return sum;
            }

            @Override
            public void close() {
                // The collector's.
            }
        };
    }

    private static float[] randomRow(int seed, int dim) {
        Random random = new Random(seed);
        float[] row = new float[dim];
        for (int e = 0; e < dim; e++) {
            row[e] = (float) random.nextGaussian();
        }
        return row;
    }
}

package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.WindowTable.Outcome;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Equation (4) against least squares of EJML (QR, no inner products) on matrices that are written out: row i's dR stacked
 * over the rows of the window up to i, the ridge as further equations. Every round brings new random residuals.
 */
class WindowWeightsTest {
    private static final Device DEVICE = Device.byDefault();
    private static final int ROWS = 9;
    private static final int MAX = WindowTable.MAX_HISTORY;

    private final Random random = new Random(11);
    private final int dim = 29;
    private final Buffer states = DEVICE.allocate(ROWS, dim);
    private final Buffer targets = DEVICE.allocate(ROWS, dim);
    private final Buffer residuals = DEVICE.allocate(ROWS * MAX, dim);
    private final Buffer maps = DEVICE.allocate(ROWS * MAX, dim);
    private final WindowTable table = new WindowTable();
    private final Queue queue = DEVICE.queue();
    private final GramState grams = new GramState(ROWS);
    /** Residuals of every row, newest first. */
    private final double[][][] iterates = new double[ROWS][MAX][];
    private final int[] counts = new int[ROWS];
    private int round;

    @AfterEach
    void close() {
        for (Buffer buffer : new Buffer[] {states, targets, residuals, maps}) {
            buffer.close();
        }
        queue.close();
        grams.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "2, 1e-3", "3, 0", "3, 1e-3", "4, 10", "5, 0", "8, 0", "8, 1e-3"})
    void weightsAreThoseOfLeastSquares(int history, double ridge) {
        for (round = 0; round < history + 4; round++) {
            int first = Math.max(0, round - 3);
            int end = Math.min(ROWS, 5 + round);
            window(first, end, history, ridge, -1);
            for (int i = first; i < end; i++) {
                Outcome expected = counts[i] > 1 ? Outcome.ACCELERATED : Outcome.PLAIN;
                assertEquals(expected, table.outcome(i - first), "round " + round + ", row " + i);
                requireWeights(leastSquares(first, i, counts[i], ridge), i - first, i);
            }
        }
    }

    /** A row that takes the plain update still counts in the sums of the rows after it. */
    @Test
    void plainRowsHaveWeightOneAndStillCount() {
        for (round = 0; round < 4; round++) {
            window(0, 5, 3, 1e-3, 2);
        }
        for (int i = 0; i < 5; i++) {
            assertEquals(i <= 2 ? Outcome.PLAIN : Outcome.ACCELERATED, table.outcome(i));
            requireWeights(i <= 2 ? new double[2] : leastSquares(0, i, 3, 1e-3), i, i);
        }
    }

    /** Which only says something if the combination is formed from the rows of this round and the last ones. */
    @Test
    void accelerationSolvesALinearProblemOfAsManyDimensionsAsColumns() {
        int history = 4;
        double[] scales = {0.9, -0.5, 0.3};
        float[] x = new float[dim];
        for (int e = 0; e < dim; e++) {
            x[e] = (float) random.nextGaussian();
        }
        RowProgram update = new RowProgram();
        for (round = 0; round < history; round++) {
            states.write(0, x);
            float[] target = new float[dim];
            for (int e = 0; e < dim; e++) {
                target[e] = (float) (scales[e % 3] * x[e]);
            }
            targets.write(0, target);
            table.clear();
            table.begin(history, 0, grams, 0);
            addRow(0, history, round);
            measure();
            table.use(0, Math.min(round + 1, history), false);
            queue.weigh(table);
            update.clear();
            update.into(states, 0);
            for (int age = 0; age <= round; age++) {
                update.plus(table.weight(0, age), maps, place(0, history, age));
            }
            queue.run(update);
            queue.await();
            states.read(0, x);
        }
        for (float value : x) {
            assertEquals(0, value, 1e-4, "the fixed point");
        }
    }

    @Test
    void aColumnThatDependsOnAnotherIsIndefiniteWithoutARidgeAndNotWithOne() {
        for (double ridge : new double[] {0, 1e-3}) {
            float[] constant = new float[dim];
            java.util.Arrays.fill(constant, 0.5f);
            for (round = 0; round < 5; round++) {
                states.write(0, new float[dim]);
                targets.write(0, constant);
                table.clear();
                table.begin(3, ridge, grams, 0);
                addRow(0, 3, Math.min(round, 2));
                measure();
                table.use(0, Math.min(round + 1, 3), false);
                queue.weigh(table);
                Outcome expected = ridge == 0 ? Outcome.INDEFINITE : Outcome.ACCELERATED;
                assertEquals(round == 0 ? Outcome.PLAIN : expected, table.outcome(0), "round " + round);
                assertEquals(1, table.weight(0, 0));
                assertEquals(0, table.weight(0, 1));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity"})
    void rowsFromOneThatIsNotFiniteOnTakeThePlainUpdate(float value) {
        for (round = 0; round < 4; round++) {
            window(0, 6, 3, 1e-3, -1);
        }
        float[] spoiled = new float[dim];
        spoiled[dim - 1] = value;
        fillWindow(0, 6, 3, 1e-3);
        targets.write(3, spoiled);
        measure();
        for (int i = 0; i < 6; i++) {
            table.use(i, 3, false);
        }
        queue.weigh(table);
        for (int i = 0; i < 6; i++) {
            assertEquals(i < 3 ? Outcome.ACCELERATED : Outcome.NON_FINITE, table.outcome(i), "row " + i);
            assertTrue(i < 3 || table.weight(i, 0) == 1 && table.weight(i, 1) == 0, "row " + i);
        }
    }

    /** Windows that end are left out, and those that go on get what each gets alone. */
    @Test
    void windowsOfOneCallAreWeighedEachByItselfAndSomeNotAtAll() {
        GramState others = new GramState(ROWS);
        try {
            for (round = 0; round < 3; round++) {
                window(0, 4, 3, 1e-3, -1);
            }
            double[][] alone = new double[4][MAX];
            for (int i = 0; i < 4; i++) {
                for (int age = 0; age < MAX; age++) {
                    alone[i][age] = table.weight(i, age);
                }
            }
            java.util.Arrays.fill(counts, 0);
            random.setSeed(11);
            for (round = 0; round < 3; round++) {
                fillWindow(0, 4, 3, 1e-3);
                int ended = table.begin(2, 0, others, 0);
                addRow(5, 2, 0);
                int begun = table.begin(3, 1, others, 4);
                addRow(6, 3, 0);
                measure();
                for (int i = 0; i < 4; i++) {
                    counts[i] = Math.min(counts[i] + 1, 3);
                    table.use(i, counts[i], false);
                }
                table.use(begun, 1, false);
                queue.weigh(table);
                assertEquals(Outcome.PLAIN, table.outcome(begun));
                assertThrows(IllegalStateException.class, () -> table.outcome(ended), "left out");
                assertThrows(IllegalStateException.class, () -> table.weight(ended, 0), "left out");
            }
            for (int i = 0; i < 4; i++) {
                for (int age = 0; age < MAX; age++) {
                    assertEquals(alone[i][age], table.weight(i, age), "row " + i + ", age " + age);
                }
            }
        } finally {
            others.close();
        }
    }

    /** One round of rows [first, end) with new random residuals; rows up to {@code plain} take the plain update. */
    private void window(int first, int end, int history, double ridge, int plain) {
        fillWindow(first, end, history, ridge);
        measure();
        for (int i = first; i < end; i++) {
            float[] residual = RandomRows.read(residuals, place(i, history, 0));
            System.arraycopy(iterates[i], 0, iterates[i], 1, MAX - 1);
            iterates[i][0] = new double[dim];
            for (int e = 0; e < dim; e++) {
                iterates[i][0][e] = residual[e];
            }
            counts[i] = Math.min(counts[i] + 1, history);
            table.use(i - first, counts[i], i <= plain);
        }
        queue.weigh(table);
    }

    private void measure() {
        queue.measure(table);
        queue.await();
    }

    private void fillWindow(int first, int end, int history, double ridge) {
        RandomRows.fill(states, random);
        RandomRows.fill(targets, random);
        table.clear();
        table.begin(history, ridge, grams, first);
        for (int i = first; i < end; i++) {
            addRow(i, history, Math.min(counts[i], history - 1));
        }
    }

    private void addRow(int i, int history, int olds) {
        table.row(states, i, residuals, place(i, history, 0), maps, place(i, history, 0));
        table.plus(1, targets, i);
        for (int age = 1; age <= olds; age++) {
            table.old(age, residuals, place(i, history, age));
        }
    }

    private int place(int i, int history, int age) {
        return i * MAX + Math.floorMod(round - age, history);
    }

    /** gamma of row i, from dR and R of the rows from {@code first} to i. */
    private double[] leastSquares(int first, int i, int count, double ridge) {
        int columns = count - 1;
        if (columns == 0) {
            return new double[0];
        }
        int stacked = (i - first + 1) * dim;
        DMatrixRMaj differences = new DMatrixRMaj(stacked + columns, columns);
        DMatrixRMaj right = new DMatrixRMaj(stacked + columns, 1);
        for (int j = first; j <= i; j++) {
            for (int e = 0; e < dim; e++) {
                int equation = (j - first) * dim + e;
                for (int c = 0; c < columns; c++) {
                    differences.set(equation, c, iterates[j][c][e] - iterates[j][c + 1][e]);
                }
                right.set(equation, 0, iterates[j][0][e]);
            }
        }
        for (int c = 0; c < columns; c++) {
            differences.set(stacked + c, c, Math.sqrt(ridge));
        }
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.leastSquares(stacked + columns, columns);
        assertTrue(solver.setA(differences));
        DMatrixRMaj gamma = new DMatrixRMaj(columns, 1);
        solver.solve(right, gamma);
        return gamma.data;
    }

    /** x = G_0 - sum over c of gamma_c (G_c - G_(c+1)), collected by maps. */
    private void requireWeights(double[] gamma, int w, int row) {
        double[] expected = new double[MAX];
        expected[0] = 1;
        for (int c = 0; c < gamma.length; c++) {
            expected[c] -= gamma[c];
            expected[c + 1] += gamma[c];
        }
        for (int age = 0; age < MAX; age++) {
            assertEquals(expected[age], table.weight(w, age), 1e-9, "row " + row + ", age " + age);
        }
    }
}

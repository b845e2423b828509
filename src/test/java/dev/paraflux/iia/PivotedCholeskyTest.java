package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against EJML's pseudo-inverse of the vectors themselves, which does not square their condition. */
class PivotedCholeskyTest {
    private static final int TRIALS = 20;
    private static final double ROUNDING = 1e-8;

    static List<Arguments> sizesAndRanks() {
        List<Arguments> list = new ArrayList<>();
        for (int size = 1; size <= 6; size++) {
            for (int rank = 0; rank <= size; rank++) {
                list.add(Arguments.of(size, rank));
            }
        }
        return list;
    }

    @ParameterizedTest
    @MethodSource("sizesAndRanks")
    void solutionIsTheLeastSquaresOneOfLeastNormAndTheRankIsTold(int size, int rank) {
        Random random = new Random(10 * size + rank);
        for (int trial = 0; trial < TRIALS; trial++) {
            LeastSquares problem = LeastSquares.random(random, size, rank);
            PivotedCholesky factored = new PivotedCholesky(problem.gram());
            assertEquals(rank, factored.rank());
            double[] expected = problem.leastNormFactors();
            assertArrayEquals(expected, factored.solve(problem.products()), ROUNDING * (1 + norm(expected)));
        }
    }

    /** Units from 1e-8 to 1e8 change the factors and nothing else: not the rank, not the digits. */
    @ParameterizedTest
    @MethodSource("sizesAndRanks")
    void unitsOfTheVectorsDoNotMatter(int size, int rank) {
        Random random = new Random(100 + 10 * size + rank);
        for (int trial = 0; trial < TRIALS; trial++) {
            LeastSquares problem = LeastSquares.random(random, size, rank);
            double[] units = random.doubles(size, -8, 8).map(power -> Math.pow(10, power)).toArray();
            LeastSquares scaled = problem.scaled(units);
            PivotedCholesky factored = new PivotedCholesky(scaled.gram());
            assertEquals(rank, factored.rank());
            if (rank == size) {
                double[] factors = factored.solve(scaled.products());
                double[] back = IntStream.range(0, size).mapToDouble(c -> factors[c] * units[c]).toArray();
                double[] expected = problem.leastNormFactors();
                assertArrayEquals(expected, back, ROUNDING * (1 + norm(expected)));
            }
        }
    }

    /** A quotient of 1e-5 between two vectors is a square of 1e-10 in the matrix: less than float rows can tell. */
    @Test
    void vectorsThatDifferByRoundingCountAsOne() {
        for (double share : new double[] {1e-4, 1e-5}) {
            double[][] gram = {{1, 1}, {1, 1 + share * share}};
            assertEquals(share > 2e-5 ? 2 : 1, new PivotedCholesky(gram).rank(), "share " + share);
        }
    }

    @Test
    void equalVectorsShareTheFactor() {
        PivotedCholesky factored = new PivotedCholesky(new double[][] {{4, 4}, {4, 4}});
        assertEquals(1, factored.rank());
        assertArrayEquals(new double[] {1.5, 1.5}, factored.solve(new double[] {12, 12}), 1e-14);
    }

    private static double norm(double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }
}

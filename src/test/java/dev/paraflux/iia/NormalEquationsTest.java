package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalEquationsTest {
    private static final double ROUNDING = 1e-10;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void targetThatIsASumOfTheVectorsGivesItsFactorsBack(int count) {
        Random random = new Random(count);
        LeastSquares any = LeastSquares.random(random, count, count);
        double[] planted = random.doubles(count, -3, 3).toArray();
        LeastSquares problem = new LeastSquares(any.vectors(), any.sum(planted));
        NormalEquations.Solution solution = problem.equations().solve(0);
        assertArrayEquals(planted, solution.factors(), ROUNDING);
        assertEquals(count, solution.rank());
        // The quadratic is a difference of large sums: what is left is its rounding, to the root.
        assertEquals(0, problem.equations().shareLeft(solution.factors()), 1e-6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void shareLeftIsThatOfTheVectorsThemselves(int count) {
        Random random = new Random(10 + count);
        for (int rank = 1; rank <= count; rank++) {
            LeastSquares problem = LeastSquares.random(random, count, rank);
            NormalEquations equations = problem.equations();
            assertEquals(count, equations.count());
            double[] best = equations.solve(0).factors();
            assertEquals(problem.shareLeft(best), equations.shareLeft(best), ROUNDING);
            assertTrue(equations.shareLeft(best) < 1);
            double[] others = random.doubles(count, -0.1, 0.1).toArray();
            assertEquals(problem.shareLeft(others), equations.shareLeft(others), ROUNDING);
            assertTrue(equations.shareLeft(best) < equations.shareLeft(others), "the best ones leave least");
            assertEquals(1, equations.shareLeft(new double[count]), ROUNDING);
        }
    }

    /** Ridge |v_c|^2 k_c^2 is what the targets 0 of vectors of their own would add. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 0.01, 1, 1e3})
    void ridgeIsAWishForSmallFactors(double ridge) {
        Random random = new Random(7);
        for (int count = 1; count <= 6; count++) {
            for (int rank = 1; rank <= count; rank++) {
                LeastSquares problem = LeastSquares.random(random, count, rank);
                double[] factors = problem.equations().solve(ridge).factors();
                double[][] gram = problem.gram();
                double[] products = problem.products();
                for (int a = 0; a < count; a++) {
                    // Half the derivative of |target - V k|^2 + ridge sum |v_c|^2 k_c^2.
                    double slope = ridge * gram[a][a] * factors[a] - products[a];
                    for (int b = 0; b < count; b++) {
                        slope += gram[a][b] * factors[b];
                    }
                    assertEquals(0, slope, 1e-9 * (1 + ridge) * (1 + gram[a][a]), "vector " + a + " of " + count);
                }
            }
        }
    }

    /** Also where vectors depend on each other, and so no factor is told by the sums alone: they are those of the least ridge. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void unitsOfTheVectorsDoNotMatter(int count) {
        Random random = new Random(20 + count);
        for (int rank = 1; rank <= count; rank++) {
            LeastSquares problem = LeastSquares.random(random, count, rank);
            double[] units = random.doubles(count, -8, 8).map(power -> Math.pow(10, power)).toArray();
            LeastSquares scaled = problem.scaled(units);
            NormalEquations.Solution solution = scaled.equations().solve(0);
            double[] least = problem.equations().solve(1e-7).factors();
            assertEquals(rank, solution.rank());
            assertArrayEquals(problem.sum(problem.leastNormFactors()), scaled.sum(solution.factors()), 1e-8);
            for (int c = 0; c < count; c++) {
                assertEquals(least[c], units[c] * solution.factors()[c], 1e-5, "vector " + c + ", rank " + rank);
            }
        }
    }

    @Test
    void sumsOfSamplesAddUpInAnyOrder() {
        Random random = new Random(5);
        LeastSquares problem = LeastSquares.random(random, 3, 3);
        double[][] gram = problem.gram();
        NormalEquations halves = new NormalEquations(3);
        for (int part = 0; part < 2; part++) {
            for (int a = 0; a < 3; a++) {
                for (int b = a; b < 3; b++) {
                    halves.add(a, b, gram[a][b] / 2);
                }
                halves.add(a, 3, problem.products()[a] / 2);
            }
        }
        assertArrayEquals(problem.equations().solve(0).factors(), halves.solve(0).factors(), ROUNDING);
    }

    @Test
    void withoutAnythingToCorrectAllFactorsAreZero() {
        LeastSquares any = LeastSquares.random(new Random(3), 4, 3);
        LeastSquares nothing = new LeastSquares(any.vectors(), new double[any.target().length]);
        NormalEquations equations = nothing.equations();
        assertArrayEquals(new double[4], equations.solve(0).factors());
        assertEquals(1, equations.shareLeft(new double[4]));
    }

    @Test
    void vectorsThatAreZeroGetNoFactor() {
        LeastSquares problem = LeastSquares.random(new Random(3), 3, 3).scaled(new double[] {1, 0, 1});
        NormalEquations.Solution solution = problem.equations().solve(0);
        assertEquals(2, solution.rank());
        assertEquals(0, solution.factors()[1]);
        assertArrayEquals(problem.leastNormFactors(), solution.factors(), ROUNDING);
        assertEquals(0, IntStream.range(0, 3).filter(c -> !Double.isFinite(solution.factors()[c])).count());
    }
}

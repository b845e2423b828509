package dev.paraflux.method.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.TestGrids;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.LateModel;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.StagedTwoStep;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sliding sum, on numbers, against the sum of k residuals up the line of parents that it stands for. */
class UnrolledChainTest {
    static List<Solver> solvers() {
        return List.of(new Ddim(), new HeunLike(), new StagedTwoStep(), new LateModel());
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void slidingSumIsTheSumOverTheLineOfParents(Solver solver) {
        TriangularSystem system = solver.system(TestGrids.angles(9, 1.4), Prediction.EPSILON);
        double[] residuals = new Random(4).doubles(system.rows() + 1, -1, 1).toArray();
        for (Unrolling unrolling : Unrolling.values()) {
            for (int order : new int[] {1, 2, 3, 7, system.rows()}) {
                for (int fixed : new int[] {0, 1, 4, system.rows() - 1}) {
                    requireSum(system, unrolling, order, fixed, residuals);
                }
            }
        }
    }

    private static void requireSum(TriangularSystem system, Unrolling unrolling, int order, int fixed,
            double[] residuals) {
        UnrolledChain chain = new UnrolledChain(system, order, unrolling);
        double[] sums = new double[system.rows() + 1];
        for (int i = fixed + 1; i <= system.rows(); i++) {
            double carried = chain.parent(i) > fixed ? chain.factor(i) * sums[chain.parent(i)] : 0;
            double dropped = chain.dropped(i) > fixed ? chain.droppedFactor(i) * residuals[chain.dropped(i)] : 0;
            sums[i] = residuals[i] + carried - dropped;
            double expected = 0;
            double product = 1;
            int row = i;
            for (int k = 0; k < order && row > fixed; k++) {
                expected += product * residuals[row];
                product *= unrolling.carry(system, row);
                row = system.parent(row);
            }
            assertEquals(expected, sums[i], 1e-12, unrolling + ", order " + order + ", row " + i);
        }
    }
}

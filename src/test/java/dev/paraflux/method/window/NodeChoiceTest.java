package dev.paraflux.method.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which rows are chosen, on numbers that can be followed by hand. */
class NodeChoiceTest {
    private static final int ROWS = 100;
    private static final SparseParaTaa RULE = SparseParaTaa.defaults().withDensity(10).withTheta(0.25).withKappa(50);

    private static NodeChoice choice(SparseParaTaa rule, int end) {
        NodeChoice choice = new NodeChoice(rule, system(new Ddim()));
        choice.begin(0, 0, end);
        return choice;
    }

    private static TriangularSystem system(Solver solver) {
        return solver.system(TestGrids.angles(ROWS, 1.4), Prediction.EPSILON);
    }

    private static List<Integer> nodes(NodeChoice choice) {
        return IntStream.range(0, choice.size()).map(choice::node).boxed().toList();
    }

    private static void learn(NodeChoice choice, IntToDoubleFunction sizes, IntToDoubleFunction errors) {
        choice.learn(IntStream.range(0, choice.size()).mapToDouble(sizes).toArray(),
                IntStream.range(0, choice.size()).mapToDouble(errors).toArray());
    }

    private static void move(NodeChoice choice, double distance) {
        for (int i = 1; i <= ROWS; i++) {
            choice.moves(i, distance);
        }
    }

    @Test
    void theFirstRoundHasTheDensityAndTheLastRow() {
        NodeChoice choice = choice(RULE, ROWS);
        assertTrue(choice.isFirst());
        assertEquals(List.of(0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99), nodes(choice));
        for (int i = 0; i < ROWS; i++) {
            assertEquals(nodes(choice).contains(i), choice.contains(i), "row " + i);
        }
        assertEquals(List.of(0, 10, 20, 24), nodes(choice(RULE, 25)));
        assertEquals(List.of(0), nodes(choice(RULE, 1)));
        assertEquals(ROWS, choice(RULE.withDensity(1e9), ROWS).size());
        assertEquals(List.of(0, 99), nodes(choice(RULE.withDensity(1), ROWS)));
    }

    @Test
    void sharesAreLinearInTheRow() {
        NodeChoice choice = choice(RULE, ROWS);
        assertEquals(0.3, choice.share(13, 2), 1e-15);
        assertEquals(1.0 / 9, choice.share(91, 10), 1e-15);
        assertEquals(0.5, choice.shareOfNode(1), 1e-15);
        assertEquals(10.0 / 19, choice.shareOfNode(9), 1e-15);
        assertEquals(3, choice.nodeAt(30));
    }

    /** N sqrt(change) / kappa = 2 sqrt(change), while nobody wishes for less. */
    @Test
    void rowsThatMoveLessLieNearer() {
        NodeChoice choice = choice(RULE, ROWS);
        learn(choice, q -> 1, q -> 0);
        assertFalse(choice.isFirst());
        move(choice, 6.25);
        choice.choose(0, 0, ROWS);
        assertEquals(List.of(0, 5, 10, 15), nodes(choice).subList(0, 4));
        move(choice, 0.1);
        choice.choose(0, 0, ROWS);
        assertEquals(ROWS, choice.size());
        move(choice, Double.NaN);
        choice.choose(0, 0, ROWS);
        assertEquals(List.of(0, 10, 20), nodes(choice).subList(0, 3), "what is unknown is far");
    }

    /** sqrt(4 theta s / E) = sqrt(s / E) times half the distance of the neighbours. */
    @Test
    void nodesThatTheirNeighboursTellLieFurtherApart() {
        NodeChoice choice = choice(RULE, ROWS);
        // One node is told badly: its wish is 10 / 2 = 5, and its neighbours' too.
        learn(choice, q -> 1, q -> q == 5 ? 4 : 1e-9);
        choice.choose(0, 0, ROWS);
        assertEquals(List.of(0, 10, 20, 30, 38, 43, 48, 53, 58, 68, 78, 88, 98, 99), nodes(choice));
        // A quarter at most: after that 10 / 4, in rows.
        choice = choice(RULE, ROWS);
        learn(choice, q -> 1, q -> 1e9);
        choice.choose(0, 0, ROWS);
        assertEquals(List.of(0, 2, 4, 6), nodes(choice).subList(0, 4));
        // The largest increment of three counts.
        choice = choice(RULE, ROWS);
        learn(choice, q -> q % 3 == 0 ? 1 : 0, q -> 1);
        choice.choose(0, 0, ROWS);
        assertEquals(List.of(0, 10, 20), nodes(choice).subList(0, 3));
    }

    /** Where the largest increment has become a seventh, theta is half as large: 3.5 / 7. A quarter of it is the least. */
    @Test
    void whatContractsFastIsToldMoreExactly() {
        double[][] ratiosAndWishes = {{1, 5}, {1 / 7.0, 5 * Math.sqrt(0.5)}, {1e-3, 2.5}, {10, 5}};
        for (double[] each : ratiosAndWishes) {
            NodeChoice choice = choice(RULE, ROWS);
            learn(choice, q -> 1, q -> 1);
            // The next one: nodes 5 rows apart, but for the ends.
            choice.choose(0, 0, ROWS);
            int next = choice.node(1);
            learn(choice, q -> each[0], q -> each[0] * 4);
            choice.choose(0, 0, ROWS);
            assertEquals(Math.floor(next * each[1] / 10), choice.node(2) - choice.node(1), "ratio " + each[0]);
        }
    }

    /** A node of small increments is told well enough when its error is small beside the largest of all. */
    @Test
    void smallIncrementsBesideLargeOnesMayBeToldRoughly() {
        NodeChoice choice = choice(RULE, ROWS);
        learn(choice, q -> q == 9 ? 1 : 1e-3, q -> 0.05);
        choice.choose(0, 0, ROWS);
        assertEquals(List.of(0, 10, 20, 30), nodes(choice).subList(0, 4), "0.05 of the largest");
        choice = choice(RULE, ROWS);
        learn(choice, q -> 1e-3, q -> 0.05);
        choice.choose(0, 0, ROWS);
        assertEquals(List.of(0, 2, 4, 6), nodes(choice).subList(0, 4), "no larger one");
    }

    /** Four times as many rows, twice as many nodes; and after two rounds of steady contraction twice theta, not four times. */
    @Test
    void manyRowsHaveMoreNodesAndMayBeToldLessExactly() {
        TriangularSystem system = new Ddim().system(TestGrids.angles(4 * ROWS, 1.4), Prediction.EPSILON);
        NodeChoice choice = new NodeChoice(RULE, system);
        choice.begin(0, 0, 4 * ROWS);
        assertEquals(List.of(0, 20, 40), nodes(choice).subList(0, 3));
        for (int round = 0; round < 3; round++) {
            double size = Math.pow(0.9, round);
            learn(choice, q -> size, q -> size * 1e-9);
            choice.choose(0, 0, 4 * ROWS);
            assertEquals(List.of(0, 20, 40), nodes(choice).subList(0, 3));
        }
        learn(choice, q -> 0.7, q -> 0.7 * 8);
        choice.choose(0, 0, 4 * ROWS);
        assertEquals(List.of(0, 10, 20), nodes(choice).subList(0, 3),
                "half of 20, as the error is twice, and not four times");
    }

    @Test
    void whereNothingCanBeToldEveryRowIsANode() {
        NodeChoice choice = choice(RULE, ROWS);
        learn(choice, q -> q == 4 ? Double.NaN : 1, q -> q >= 3 && q <= 5 ? Double.NaN : 0);
        choice.choose(0, 0, ROWS);
        for (int i = 20; i <= 60; i++) {
            assertTrue(choice.contains(i) || i < 30 && choice.contains(i + 1), "row " + i + " of " + nodes(choice));
        }
        assertEquals(List.of(0, 10), nodes(choice).subList(0, 2));
    }

    @Test
    void ofFewerThanFourNodesNothingIsLearnt() {
        NodeChoice choice = choice(RULE, 21);
        learn(choice, q -> 1, q -> 0);
        choice.choose(0, 0, 21);
        assertEquals(List.of(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20), nodes(choice));
    }

    /** Half of them as they are wished for, the rest over what is left, to the last row; and other ones every time. */
    @Test
    void moreThanTheCapAreThinnedOutAtTheEnd() {
        NodeChoice choice = choice(RULE.withDensity(1e9).withCap(20), ROWS);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 19, 29, 39, 49, 59, 69, 79, 89, 99), nodes(choice));
        assertFalse(choice.contains(11));
        assertTrue(choice.contains(29));
        choice.choose(0, 0, ROWS);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 26, 35, 45, 55, 65, 75, 85, 95, 99), nodes(choice));
        choice.begin(0, 0, ROWS);
        assertEquals(19, choice.node(11), "begun anew");
    }

    /** Rows that have become final, and are looked back on, are evaluated too; nothing is interpolated before the last. */
    @Test
    void finalRowsAreNodesButNotCounted() {
        NodeChoice choice = choice(RULE, ROWS);
        choice.choose(17, 20, ROWS);
        assertEquals(List.of(20, 30, 40), nodes(choice).subList(0, 3));
        assertTrue(choice.contains(17) && choice.contains(18) && choice.contains(19) && choice.contains(20));
        assertFalse(choice.contains(16) || choice.contains(21));
    }

    /** A row that nobody asks of the model takes up no distance. */
    @Test
    void rowsThatAreNotEvaluatedAreNotCounted() {
        TriangularSystem system = system(new HeunLike());
        NodeChoice choice = new NodeChoice(RULE.withDensity(4), system);
        choice.begin(0, 0, system.rows());
        int evaluated = (int) IntStream.range(0, system.rows()).filter(system::evaluated).count();
        List<Integer> chosen = nodes(choice);
        for (int q = 1; q < chosen.size() - 1; q++) {
            int between = (int) IntStream.range(chosen.get(q - 1), chosen.get(q)).filter(system::evaluated).count();
            assertEquals((int) (evaluated / (4 * Math.sqrt(evaluated / 100.0))), between, chosen.toString());
            assertTrue(system.evaluated(chosen.get(q)));
        }
    }
}

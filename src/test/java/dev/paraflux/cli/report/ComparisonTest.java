package dev.paraflux.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Status;
import dev.paraflux.cli.option.MethodName;
import dev.paraflux.method.UpdateCounts;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static RunSummary run(MethodName method, Status status, double seconds) {
        return new RunSummary(method, status, true, "", 1, 10, 10, 10, 0, UpdateCounts.NONE,
                new Refinements(0, List.of()), seconds, seconds);
    }

    private static Comparison of(RunSummary... runs) {
        Comparison comparison = new Comparison();
        for (RunSummary run : runs) {
            comparison.add(run, new PixelDifference(0.5, 0.25));
        }
        return comparison;
    }

    private static String verdict(RunSummary... runs) {
        List<String> lines = of(runs).table().lines().toList();
        return lines.get(lines.size() - 1);
    }

    @Test
    void saysWhichIsFastestAndByHowMuch() {
        assertEquals("parataa is fastest here: 4.00 times as fast as sequential",
                verdict(run(MethodName.SEQUENTIAL, Status.COMPLETED, 2), run(MethodName.PICARD, Status.COMPLETED, 1),
                        run(MethodName.PARATAA, Status.COMPLETED, 0.5)));
    }

    @Test
    void anotherModelHasLinesOfItsOwn() {
        Comparison comparison = of(run(MethodName.SEQUENTIAL, Status.COMPLETED, 2));
        comparison.beside("bfloat16");
        comparison.add(run(MethodName.SEQUENTIAL, Status.COMPLETED, 1), new PixelDifference(9, 1));
        List<String> lines = comparison.table().lines().toList();
        assertEquals(
                List.of(5, "by bfloat16:", "sequential by bfloat16 is fastest here: 2.00 times as fast as sequential"),
                List.of(lines.size(), lines.get(2), lines.get(4)));
        assertEquals("sequential by bfloat16", comparison.toMap().get("fastest"));
    }

    @Test
    void saysSoWhereSequentialIsFastest() {
        assertEquals("sequential is fastest here", verdict(run(MethodName.SEQUENTIAL, Status.COMPLETED, 1),
                run(MethodName.PICARD, Status.COMPLETED, 3)));
    }

    @Test
    void aMethodThatStoppedShortIsNotTheFastest() {
        assertEquals("sequential is fastest here", verdict(run(MethodName.SEQUENTIAL, Status.COMPLETED, 1),
                run(MethodName.PICARD, Status.ROUND_LIMIT, 0.1)));
    }

    /** A sample that was taken early is no failure, but not what was asked for either. */
    @Test
    void aMethodWhoseSamplesWereTakenEarlyIsNotTheFastest() {
        assertEquals("sequential is fastest here", verdict(run(MethodName.SEQUENTIAL, Status.COMPLETED, 1),
                run(MethodName.SRDS, Status.ACCEPTED, 0.1)));
    }

    @Test
    void theTableIsLinedUp() {
        String table = of(run(MethodName.SEQUENTIAL, Status.COMPLETED, 2), run(MethodName.PICARD, Status.COMPLETED, 4))
                .table();
        assertTrue(table.contains("picard            10            10      4.000       0.50       0.500      0.2500"),
                table);
    }

    @Test
    void differencesAreClampedPixels() {
        PixelDifference difference = PixelDifference.between(List.of(new float[] {-3, 0}, new float[] {1, 2}),
                List.of(new float[] {-1, 1}, new float[] {1, 1}));
        assertEquals(127.5, difference.max());
        assertEquals(127.5 / 4, difference.mean());
    }

    @Test
    void roundsArePickedEvenlyWithTheFirstAndTheLast() {
        assertEquals(List.of(1, 2, 3), Filmstrip.pick(3, 16));
        assertEquals(List.of(1, 4, 7, 10), Filmstrip.pick(10, 4));
        assertEquals(List.of(1, 100), Filmstrip.pick(100, 2));
        assertEquals(List.of(1), Filmstrip.pick(1, 2));
        for (int rounds = 17; rounds < 200; rounds++) {
            List<Integer> picked = Filmstrip.pick(rounds, 16);
            assertEquals(16, picked.stream().distinct().count());
            assertEquals(rounds, picked.get(15));
        }
    }
}

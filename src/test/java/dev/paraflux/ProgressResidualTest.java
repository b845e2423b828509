package dev.paraflux;

import static dev.paraflux.ProgressPreviewTest.DIM;
import static dev.paraflux.ProgressPreviewTest.GRID;
import static dev.paraflux.ProgressPreviewTest.STEPS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a listener can see of how far rows are from following each other. */
class ProgressResidualTest {
    private static final ParaTaa PLAIN = ParaTaa.defaults().withOrder(1).withHistory(1)
            .withTolerance(Tolerance.residual(0, 0)).withFirstGuess(FirstGuess.copy());

    /** Of order 1, round t moves each row to its right side: by so much it missed its equation. */
    @Test
    void ofAWindowTheyAreWhatEachRowMissesItsRightSideBy() {
        List<double[]> seen = watch(PLAIN, new ArrayList<>());
        float[][] rows = new float[STEPS + 1][];
        Arrays.fill(rows, ProgressPreviewTest.forward(0)[0]);
        for (int round = 1; round <= STEPS; round++) {
            float[][] next = ProgressPreviewTest.simultaneous(rows, 0);
            for (int i = 1; i <= STEPS; i++) {
                double wanted = i <= round ? 0 : rootMeanSquare(rows[i], next[i]);
                assertEquals(wanted, seen.get(round - 1)[i], 1e-6, "round " + round + ", row " + i);
            }
            rows = next;
        }
        assertEquals(STEPS, seen.size());
    }

    static List<Method> methods() {
        Tolerance near = Tolerance.residual(0, 1e-4);
        return List.of(new Sequential(), Srds.defaults(), Chords.defaults(), PLAIN, PLAIN.withWindow(3),
                ParaTaa.defaults().withTolerance(near), Picard.defaults(), SparseParaTaa.defaults(),
                ParaTaa.defaults().withTolerance(near).withFirstGuess(FirstGuess.coarse(2)));
    }

    /** The last listener call comes after the end. */
    @ParameterizedTest
    @MethodSource("methods")
    void theLargestAtTheEndIsThatOfTheStatistics(Method method) {
        List<Sample> samples = new ArrayList<>();
        List<double[]> seen = watch(method, samples);
        Stats stats = samples.get(0).stats();
        assertEquals(stats.rounds(), seen.size());
        double[] last = seen.get(seen.size() - 1);
        for (int i = 1; i <= stats.finalRows(); i++) {
            assertTrue(last[i] >= 0, "row " + i + " is final: " + last[i]);
        }
        if (stats.finalRows() == STEPS) {
            assertEquals(stats.residual(), Arrays.stream(last).max().orElseThrow(), 0);
        }
    }

    /** What was seen of the first of two samples, by rounds, then rows. */
    private static List<double[]> watch(Method method, List<Sample> samples) {
        List<double[]> seen = new ArrayList<>();
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(DIM), GRID).method(method).build()) {
            samples.addAll(sampler.sample(List.of(Request.seed(0).withLabel(0)),
                    RunOptions.defaults().withListener(progress -> {
                        assertEquals(STEPS, progress.rows(0));
                        assertThrows(IndexOutOfBoundsException.class, () -> progress.residual(0, STEPS + 1));
                        assertThrows(IndexOutOfBoundsException.class, () -> progress.residual(0, 0));
                        double[] rows = new double[STEPS + 1];
                        for (int i = 1; i <= STEPS; i++) {
                            rows[i] = progress.residual(0, i);
                        }
                        seen.add(rows);
                    })));
        }
        return seen;
    }

    private static double rootMeanSquare(float[] a, float[] b) {
        double sum = 0;
        for (int e = 0; e < a.length; e++) {
            sum += ((double) a[e] - b[e]) * ((double) a[e] - b[e]);
        }
        return Math.sqrt(sum / a.length);
    }
}

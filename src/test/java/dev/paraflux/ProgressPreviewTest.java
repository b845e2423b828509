package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.model.Condition;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.ForwardSubstitution;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener can see of a sample while it comes about. */
class ProgressPreviewTest {
    static final int DIM = 12;
    static final int STEPS = 6;
    static final TimeGrid GRID = TestGrids.angles(STEPS, 1.4);

    @Test
    void sequentialShowsTheStateOfItsRow() {
        List<List<float[]>> seen = watch(new Sequential());
        for (int s = 0; s < 2; s++) {
            float[][] rows = forward(s);
            for (int round = 1; round <= STEPS; round++) {
                assertArrayEquals(rows[round], seen.get(s).get(round - 1), "sample " + s + ", round " + round);
            }
        }
    }

    /** Of order 1, round t leaves the last row where t rounds of putting all right sides in at once leave it. */
    @ParameterizedTest
    @ValueSource(ints = {STEPS, 100})
    void windowOverAllRowsShowsTheLastRow(int window) {
        ParaTaa method = ParaTaa.defaults().withWindow(window).withOrder(1).withHistory(1)
                .withTolerance(Tolerance.residual(0, 0))
                .withFirstGuess(FirstGuess.copy());
        List<List<float[]>> seen = watch(method);
        for (int s = 0; s < 2; s++) {
            float[][] rows = new float[STEPS + 1][];
            Arrays.fill(rows, forward(s)[0]);
            for (int round = 1; round <= STEPS; round++) {
                rows = simultaneous(rows, s);
                assertArrayEquals(rows[STEPS], seen.get(s).get(round - 1), "sample " + s + ", round " + round);
            }
            assertArrayEquals(forward(s)[STEPS], rows[STEPS], "the oracle ends where forward substitution does");
        }
    }

    @Test
    void lastPreviewIsTheSample() {
        for (Method method : List.of(new Sequential(), ParaTaa.defaults(), ParaTaa.defaults().withWindow(2),
                ParaTaa.defaults().withWindow(4).withFirstGuess(FirstGuess.coarse(2)))) {
            List<List<float[]>> seen = new ArrayList<>();
            List<Sample> samples = watch(method, seen);
            for (int s = 0; s < 2; s++) {
                List<float[]> previews = seen.get(s);
                assertArrayEquals(samples.get(s).values(), previews.get(previews.size() - 1), method.toString());
            }
        }
    }

    @Test
    void onlyTheRunsSamplesAreShown() {
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(DIM), GRID).build()) {
            sampler.sample(List.of(Request.seed(1)), RunOptions.defaults().withListener(progress -> {
                assertEquals(1, progress.samples());
                assertThrows(IndexOutOfBoundsException.class, () -> progress.preview(1, new float[DIM]));
                assertThrows(IndexOutOfBoundsException.class, () -> progress.preview(-1, new float[DIM]));
                refusesShortArrays(progress, 0);
            }));
        }
    }

    /** Before a sample begins and after it has ended as well, which is not copied from the device. */
    @Test
    void arraysShorterThanARowAreRefusedAtAnyTime() {
        List<Integer> rounds = new ArrayList<>();
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(DIM), GRID).maxSamples(1).build()) {
            sampler.sample(List.of(Request.seed(1), Request.seed(2)), RunOptions.defaults().withListener(progress -> {
                refusesShortArrays(progress, 0);
                refusesShortArrays(progress, 1);
                float[] longer = new float[DIM + 1];
                longer[DIM] = 7;
                progress.preview(0, longer);
                assertEquals(7, longer[DIM]);
                rounds.add(progress.round());
            }));
        }
        assertEquals(2 * STEPS, rounds.size());
    }

    private static void refusesShortArrays(Progress progress, int sample) {
        assertEquals("length of into " + (DIM - 1) + ": must be " + DIM + " or more, as a row has",
                assertThrows(IllegalArgumentException.class, () -> progress.preview(sample, new float[DIM - 1]))
                        .getMessage());
    }

    private static List<List<float[]>> watch(Method method) {
        List<List<float[]>> seen = new ArrayList<>();
        watch(method, seen);
        return seen;
    }

    private static List<Sample> watch(Method method, List<List<float[]>> seen) {
        seen.add(new ArrayList<>());
        seen.add(new ArrayList<>());
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(DIM), GRID).method(method).build()) {
            return sampler.sample(List.of(Request.seed(0).withLabel(0), Request.seed(1).withLabel(1)),
                    RunOptions.defaults().withListener(progress -> {
                        for (int s = 0; s < progress.samples(); s++) {
                            float[] preview = new float[DIM];
                            progress.preview(s, preview);
                            seen.get(s).add(preview);
                        }
                    }));
        }
    }

    static float[][] forward(int s) {
        float[] start = new float[DIM];
        new TorchRandom(s).fillNormal(start);
        return ForwardSubstitution.solve(system(), TestDenoisers.bent(DIM), Condition.label(s), start, null);
    }

    /** Row i + 1 of the result is one step from row i: what forward substitution makes of rows 0 to i, all known. */
    static float[][] simultaneous(float[][] rows, int s) {
        float[][] next = new float[STEPS + 1][];
        next[0] = rows[0];
        for (int i = 0; i < STEPS; i++) {
            float[][] known = Arrays.copyOf(rows, i + 1);
            next[i + 1] = ForwardSubstitution.continueFrom(system(), TestDenoisers.bent(DIM), Condition.label(s),
                    known, null)[i + 1];
        }
        return next;
    }

    private static TriangularSystem system() {
        return new Ddim().system(GRID, TestDenoisers.bent(DIM).prediction());
    }
}

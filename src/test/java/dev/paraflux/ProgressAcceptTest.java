package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A listener that watches the answers of a sample and takes one. */
class ProgressAcceptTest {
    private static final int DIM = 8;
    private static final int STEPS = 20;
    private static final int BLOCKS = 5;
    private static final Srds SRDS = Srds.defaults().withBlocks(BLOCKS).withStop(StopRule.pixels(0));
    private static final List<Request> REQUESTS = IntStream.range(0, 3)
            .mapToObj(s -> Request.seed(s).withLabel(s)).toList();

    static List<Method> methods() {
        return List.of(SRDS, SRDS.withPipelined(false),
                Chords.defaults().withStarts(List.of(0.0, 0.3, 0.6)).withStop(StopRule.values(0)), new Sequential(),
                ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0)),
                SparseParaTaa.of(ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0))),
                ParaTaa.defaults().withWindow(6).withTolerance(Tolerance.residual(0, 0)),
                Picard.defaults().withWindow(10).withTolerance(Tolerance.steps(0))
                        .withMaxRounds(Picard.defaults().maxRounds()));
    }

    @Test
    void answersRiseOneByOneAndPreviewsAreTheRefinedSamples() {
        for (Srds method : List.of(SRDS, SRDS.withPipelined(false))) {
            List<Integer> answers = new ArrayList<>(List.of(0));
            List<float[]> previews = new ArrayList<>();
            sample(method, progress -> {
                int now = progress.answers(1);
                if (now > answers.get(answers.size() - 1)) {
                    answers.add(now);
                    previews.add(preview(progress, 1));
                } else if (now > 0) {
                    assertArrayEquals(previews.get(now - 1), preview(progress, 1), "it stands until the next answer");
                }
            });
            assertEquals(IntStream.rangeClosed(0, BLOCKS + 1).boxed().toList(), answers);
            for (int p = 1; p <= BLOCKS; p++) {
                Sample limited = sample(method.withMaxRefinements(p), progress -> {}).get(1);
                assertArrayEquals(limited.values(), previews.get(p), "refinement " + p);
            }
        }
    }

    @Test
    void methodsThatDoNotRefineHaveNoAnswers() {
        for (Method method : List.of(new Sequential(), ParaTaa.defaults(), Picard.defaults())) {
            sample(method, progress -> assertEquals(0, progress.answers(0)));
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void acceptedSampleIsWhatWasShownAndTheOthersGoOn(Method method) {
        List<Sample> whole = sample(method, progress -> {});
        for (int round : new int[] {1, 2, 7, 13}) {
            List<float[]> shown = new ArrayList<>();
            List<Sample> samples = sample(method, progress -> {
                if (progress.round() == round) {
                    shown.add(preview(progress, 1));
                    progress.accept(1);
                }
                if (progress.round() > round) {
                    assertArrayEquals(shown.get(0), preview(progress, 1), "it is shown as it was taken");
                }
            });
            Sample accepted = samples.get(1);
            assertEquals(Status.ACCEPTED, accepted.status());
            assertTrue(accepted.hasValues());
            assertEquals(Status.ACCEPTED.advice(), accepted.message());
            assertArrayEquals(shown.get(0), accepted.values());
            assertEquals(round, accepted.stats().rounds());
            assertTrue(accepted.stats().evaluations() < whole.get(1).stats().evaluations());
            for (int s : new int[] {0, 2}) {
                assertEquals(whole.get(s).status(), samples.get(s).status());
                assertArrayEquals(whole.get(s).values(), samples.get(s).values());
                assertEquals(whole.get(s).stats().rounds(), samples.get(s).stats().rounds());
                assertEquals(whole.get(s).stats().evaluations(), samples.get(s).stats().evaluations());
            }
        }
    }

    /** It would be the way to take a sample early: the first answer that somebody likes. */
    @Test
    void acceptedAnswersAreThoseOfAsManyRefinements() {
        for (int wanted = 1; wanted <= BLOCKS; wanted++) {
            int answers = wanted;
            List<Sample> samples = sample(SRDS, progress -> {
                for (int s = 0; s < progress.samples(); s++) {
                    if (progress.answers(s) == answers) {
                        progress.accept(s);
                    }
                }
            });
            for (int s = 0; s < 3; s++) {
                assertEquals(Status.ACCEPTED, samples.get(s).status());
                assertEquals(wanted - 1, samples.get(s).stats().refinements());
                double last = wanted == 1 ? Double.NaN : samples.get(s).stats().changes().get(wanted - 2);
                assertEquals(last, samples.get(s).stats().change());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void acceptingASampleThatHasEndedDoesNothing(Method method) {
        List<Sample> whole = sample(method, progress -> {});
        int last = whole.stream().mapToInt(sample -> sample.stats().rounds()).max().getAsInt();
        // The listener hears of the last round when all have ended.
        List<Sample> samples = sample(method, progress -> {
            if (progress.round() == last) {
                IntStream.range(0, 3).forEach(progress::accept);
            }
        });
        for (int s = 0; s < 3; s++) {
            assertEquals(Status.COMPLETED, samples.get(s).status());
            assertArrayEquals(whole.get(s).values(), samples.get(s).values());
        }
        List<Sample> twice = sample(method, progress -> progress.accept(0));
        assertEquals(Status.ACCEPTED, twice.get(0).status());
        assertEquals(1, twice.get(0).stats().rounds());
        assertEquals(Status.COMPLETED, twice.get(1).status());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void nextRunStartsUnaccepted(Method method) {
        List<Sample> whole = sample(method, progress -> {});
        try (Sampler sampler = sampler(method)) {
            List<Sample> all = sampler.sample(REQUESTS, RunOptions.defaults()
                    .withListener(progress -> IntStream.range(0, 3).forEach(progress::accept)));
            assertTrue(all.stream().allMatch(sample -> sample.status() == Status.ACCEPTED));
            assertTrue(all.stream().allMatch(sample -> sample.stats().rounds() == 1));
            List<Sample> next = sampler.sample(REQUESTS);
            for (int s = 0; s < 3; s++) {
                assertEquals(Status.COMPLETED, next.get(s).status());
                assertArrayEquals(whole.get(s).values(), next.get(s).values());
                assertEquals(whole.get(s).stats().changes(), next.get(s).stats().changes());
            }
        }
    }

    /** Whatever a run that was left in its midst leaves behind. */
    @ParameterizedTest
    @MethodSource("methods")
    void nextRunAfterAnyRoundIsAsGoodAsTheFirst(Method method) {
        Sample whole = sample(method, progress -> {}).get(0);
        try (Sampler sampler = sampler(method)) {
            for (int round = 1; round < whole.stats().rounds(); round++) {
                int taken = round;
                sampler.sample(REQUESTS.subList(0, 1), RunOptions.defaults().withListener(progress -> {
                    if (progress.round() == taken) {
                        progress.accept(0);
                    }
                }));
                Sample next = sampler.sample(REQUESTS.get(0));
                assertArrayEquals(whole.values(), next.values(), "after round " + round);
                assertEquals(whole.stats().rounds(), next.stats().rounds());
                assertEquals(whole.stats().changes(), next.stats().changes());
            }
        }
    }

    @Test
    void onlyTheRunsSamplesCanBeAccepted() {
        sample(SRDS, progress -> {
            for (int s : new int[] {-1, 3, Integer.MAX_VALUE}) {
                assertThrows(IndexOutOfBoundsException.class, () -> progress.accept(s));
                assertThrows(IndexOutOfBoundsException.class, () -> progress.answers(s));
            }
        });
    }

    /** Values that cannot be used are not taken either. */
    @Test
    void acceptedSampleThatIsNotFiniteSaysSo() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        // The second core's block only, so that the exact core goes on.
        double spoiled = grid().level(STEPS / BLOCKS).time();
        model.spoil((level, condition) -> level.time() == spoiled && model.calls() <= 2);
        try (Sampler sampler = Sampler.builder(model, grid()).method(SRDS).build()) {
            Sample sample = sampler.sample(REQUESTS.subList(0, 1), RunOptions.defaults().withListener(progress -> {
                if (progress.answers(0) == 1) {
                    progress.accept(0);
                }
            })).get(0);
            assertEquals(Status.NON_FINITE, sample.status());
            assertFalse(sample.hasValues());
        }
    }

    private static List<Sample> sample(Method method, ProgressListener listener) {
        try (Sampler sampler = sampler(method)) {
            return sampler.sample(REQUESTS, RunOptions.defaults().withListener(listener));
        }
    }

    private static Sampler sampler(Method method) {
        return Sampler.builder(TestDenoisers.bent(DIM), grid()).method(method).build();
    }

    private static TimeGrid grid() {
        return TestGrids.angles(STEPS, 1.4);
    }

    private static float[] preview(Progress progress, int sample) {
        float[] preview = new float[DIM];
        progress.preview(sample, preview);
        return preview;
    }
}

package dev.paraflux.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.ProgressListener;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.cli.command.ExitCodes;
import dev.paraflux.cli.option.MethodName;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a summary says of samples that ended differently. */
class RunSummaryTest {
    private static final Srds EXACT = Srds.defaults().withBlocks(3).withStop(StopRule.pixels(0));

    private static List<Sample> samples(Srds method, ProgressListener listener) {
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(8), TestGrids.linear(6)).method(method).build()) {
            return sampler.sample(List.of(Request.seed(1), Request.seed(2)),
                    RunOptions.defaults().withListener(listener));
        }
    }

    private static List<Sample> oneTakenAfter(int answers) {
        return samples(EXACT, progress -> {
            if (progress.answers(1) == answers) {
                progress.accept(1);
            }
        });
    }

    @Test
    void aSampleThatWasTakenEarlyIsNoFailure() {
        RunSummary summary = RunSummary.of(MethodName.SRDS, oneTakenAfter(2));
        assertEquals(Status.ACCEPTED, summary.status());
        assertTrue(summary.hasValues());
        assertFalse(summary.completed());
        assertEquals(0, ExitCodes.after(summary));
        assertEquals("1 of 2 samples: " + Status.ACCEPTED.advice(), summary.message());
    }

    @Test
    void aRangeOfRefinementsIsToldAndTheLargestChangeOfEach() {
        List<Sample> samples = oneTakenAfter(2);
        RunSummary summary = RunSummary.of(MethodName.SRDS, samples);
        assertTrue(summary.sentence().contains(" evaluations, 1 to 3 refinements, "), summary.sentence());
        assertEquals(3, summary.toMap().get("refinements"));
        List<Double> first = samples.get(0).stats().changes();
        double second = samples.get(1).stats().changes().get(0);
        assertEquals(List.of(Math.max(first.get(0), second), first.get(1), first.get(2)),
                summary.toMap().get("changePerRefinement"));
    }

    /** Of a sample that met its limit there is more to say than of one that was taken as it was. */
    @Test
    void theLimitOfRefinementsIsToldBeforeASampleThatWasTaken() {
        List<Sample> samples = samples(EXACT.withMaxRefinements(1), progress -> {
            if (progress.answers(1) == 1) {
                progress.accept(1);
            }
        });
        RunSummary summary = RunSummary.of(MethodName.SRDS, samples);
        assertEquals(Status.ROUND_LIMIT, summary.status());
        assertTrue(summary.message().startsWith("1 of 2 samples: the limit of rounds or refinements"),
                summary.message());
        assertTrue(summary.sentence().contains("0 to 1 refinement"), summary.sentence());
    }

    /** It is drawn, and says so; but it is no success. */
    @Test
    void aRunThatWasStoppedWithAnAnswerHasValuesAndSaysHowFarItWas() {
        Cancellation cancellation = new Cancellation();
        List<Sample> samples;
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(8), TestGrids.linear(6)).method(EXACT).build()) {
            samples = sampler.sample(List.of(Request.seed(1), Request.seed(2)),
                    RunOptions.defaults().withCancellation(cancellation).withListener(progress -> {
                        if (progress.answers(0) == 2 && progress.answers(1) == 2) {
                            cancellation.cancel();
                        }
                    }));
        }
        RunSummary summary = RunSummary.of(MethodName.SRDS, samples);
        assertEquals(Status.CANCELLED, summary.status());
        assertTrue(summary.hasValues());
        assertTrue(summary.failed());
        assertFalse(summary.completed());
        assertEquals(ExitCodes.CANCELLED, ExitCodes.after(summary));
        assertTrue(
                summary.message().matches("stopped in round \\d, with \\d of 6 rows final, a last change of [0-9.e-]+:"
                        + " the run was cancelled; the values are what was reached"),
                summary.message());
    }

    @Test
    void aRunThatMetItsToleranceIsASuccess() {
        RunSummary summary = RunSummary.of(MethodName.SRDS,
                samples(EXACT.withStop(StopRule.pixels(255)), progress -> {}));
        assertEquals(Status.CONVERGED, summary.status());
        assertTrue(summary.completed() && summary.hasValues() && !summary.failed());
        assertEquals(0, ExitCodes.after(summary));
        assertEquals("CONVERGED", summary.toMap().get("status"));
        assertNull(summary.toMap().get("residual"), "it is not measured");
    }

    @Test
    void aChangeThatIsNoNumberIsNullInJson() {
        assertEquals(Collections.singletonList(null), new Refinements(1, List.of(Double.NaN)).finiteChanges());
    }
}

package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverUpTo;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.StagedTwoStep;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of SRDS and CHORDS that cannot be: refused with value and range, before anything is allocated. */
class SrdsMisuseTest {
    private static final int STEPS = 7;

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void blocksBelowOneAreRefused(int blocks) {
        refused("blocks " + blocks + ": must be 1 or more", () -> Srds.defaults().withBlocks(blocks));
    }

    @Test
    void moreBlocksThanStepsAreRefusedByTheSampler() {
        for (Solver solver : List.of(new Ddim(), new HeunLike(), new StagedTwoStep())) {
            for (int blocks : new int[] {STEPS + 1, 100, Srds.SQUARE - 1}) {
                refusedBySampler("blocks " + blocks + ": must be 1 to 7, the number of the solver's steps", solver,
                        Srds.defaults().withBlocks(blocks));
            }
            assertDoesNotThrow(() -> build(solver, Srds.defaults().withBlocks(STEPS)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE})
    void negativeRefinementsAreRefused(int refinements) {
        refused("maxRefinements " + refinements + ": must be 0 or more",
                () -> Srds.defaults().withMaxRefinements(refinements));
    }

    /** The coarse steps alone are an answer too: M evaluations, one after the other. */
    @Test
    void noRefinementsGiveTheCoarseAnswer() {
        Runs runs = new Runs(TestDenoisers.bent(3), TestGrids.angles(16, 1.4), new Ddim());
        for (boolean pipelined : new boolean[] {true, false}) {
            Sample coarse = runs.run(Srds.defaults().withPipelined(pipelined).withMaxRefinements(0), Request.seed(1));
            assertEquals(Status.ROUND_LIMIT, coarse.status());
            assertEquals(4, coarse.stats().rounds());
            assertEquals(4, coarse.stats().evaluations());
            assertEquals(0, coarse.stats().refinements());
        }
    }

    /** CHORDS can do without any: its first answer is an answer. */
    @Test
    void refinementsBelowZeroAreRefused() {
        refused("maxRefinements -1: must be 0 or more", () -> Chords.defaults().withMaxRefinements(-1));
        assertDoesNotThrow(() -> Chords.defaults().withMaxRefinements(0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-300, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void tolerancesBelowZeroAndNotFiniteAreRefused(double tolerance) {
        String message = "tolerance " + tolerance + ": must be 0 or more, and finite";
        refused(message, () -> StopRule.pixels(tolerance));
        refused(message, () -> StopRule.values(tolerance));
        refused(message, () -> StopRule.decoded(decoder(1), tolerance));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3})
    void decodersOfNothingAreRefused(int pictureDim) {
        refused("pictureDim of the decoder " + pictureDim + ": must be 1 or more",
                () -> StopRule.decoded(decoder(pictureDim), 0.1));
    }

    @Test
    void nullsAreRefused() {
        assertThrows(NullPointerException.class, () -> StopRule.decoded(null, 0.1));
        assertThrows(NullPointerException.class, () -> Srds.defaults().withStop(null));
        assertThrows(NullPointerException.class, () -> Srds.defaults().withCoarse(null));
        assertThrows(NullPointerException.class, () -> Chords.defaults().withStop(null));
        assertThrows(NullPointerException.class, () -> Chords.defaults().withCoarse(null));
        assertThrows(NullPointerException.class, () -> Chords.defaults().withStarts(null));
        assertThrows(NullPointerException.class, () -> Chords.defaults().withStarts(Arrays.asList(0.0, null)));
    }

    static List<Solver> coarseSolversThatTakeMore() {
        return List.of(new HeunLike(), new StagedTwoStep(), new DpmSolverUpTo(2));
    }

    @ParameterizedTest
    @MethodSource("coarseSolversThatTakeMore")
    void coarseSolversThatTakeMoreThanTheRowBeforeAreRefused(Solver coarse) {
        refusedBySampler("coarse solver " + coarse + ": must be one of one row a step, from the row before alone, as"
                + " Ddim is", new Ddim(), Srds.defaults().withBlocks(3).withCoarse(CoarseStep.by(coarse)));
    }

    /** The last step of such a solver may be plain; whether it is refused should not depend on that. */
    @ParameterizedTest
    @MethodSource("coarseSolversThatTakeMore")
    void coarseSolversOfChordsThatTakeMoreThanTheRowBeforeAreRefused(Solver coarse) {
        refusedBySampler("coarse solver " + coarse + ": must be one of one row a step, from the row before alone, as"
                + " Ddim is", new Ddim(), Chords.ofCores(3).withCoarse(CoarseStep.by(coarse)));
    }

    @Test
    void startsThatDoNotRiseFromZeroToBelowOneAreRefused() {
        for (List<Double> starts : List.of(List.<Double>of(), List.of(0.1), List.of(Double.NaN))) {
            refused("starts " + starts + ": must be a list that begins with 0",
                    () -> Chords.defaults().withStarts(starts));
        }
        for (List<Double> starts : List.of(List.of(0.0, 0.5, 0.5), List.of(0.0, 0.5, 0.4), List.of(0.0, 0.0),
                List.of(0.0, 1.0), List.of(0.0, 0.2, 7.0), List.of(0.0, -0.1), List.of(0.0, Double.NaN))) {
            int last = starts.size() - 1;
            refused("starts[" + last + "] " + starts.get(last) + ": must be above the start before it, which is "
                    + starts.get(last - 1) + ", and below 1", () -> Chords.defaults().withStarts(starts));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65, -1, Integer.MAX_VALUE})
    void coresThatCannotBePlacedAreRefused(int cores) {
        refused("cores " + cores + ": must be 1 to 64", () -> Chords.ofCores(cores));
    }

    /** More cores than steps are not refused: those that would start at the same step, or at the end, are one. */
    @Test
    void allNumbersOfCoresSuitAllNumbersOfSteps() {
        for (int cores = 1; cores <= Chords.MAX_CORES; cores++) {
            Chords method = Chords.ofCores(cores);
            assertEquals(cores, method.starts().size());
            assertTrue(method.starts().get(cores - 1) < 0.89);
            assertDoesNotThrow(() -> build(new Ddim(), method));
        }
    }

    @Test
    void listsOfStartsAreCopied() {
        Double[] shares = {0.0, 0.5};
        Chords method = Chords.defaults().withStarts(Arrays.asList(shares));
        shares[1] = 3.0;
        assertEquals(List.of(0.0, 0.5), method.starts());
    }

    private static void refused(String message, Runnable making) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, making::run).getMessage());
    }

    private static void refusedBySampler(String message, Solver solver, Method method) {
        TestDenoisers.Recording model = TestDenoisers.bent(3);
        Sampler.Builder builder = Sampler.builder(model, TestGrids.angles(STEPS, 1.4)).solver(solver).method(method);
        assertEquals(message, assertThrows(IllegalArgumentException.class, builder::build).getMessage());
        assertEquals(List.of(), model.prepared(), "warm-ups before the refusal");
        assertEquals(0, model.calls(), "model calls before the refusal");
    }

    private static void build(Solver solver, Method method) {
        Sampler.builder(TestDenoisers.bent(3), TestGrids.angles(STEPS, 1.4)).solver(solver).method(method).build()
                .close();
    }

    private static Decoder decoder(int pictureDim) {
        return new Decoder() {
            @Override
            public int pictureDim() {
                return pictureDim;
            }

            @Override
            public void decode(float[] latent, float[] picture) {
                throw new AssertionError("nothing to decode");
            }
        };
    }
}

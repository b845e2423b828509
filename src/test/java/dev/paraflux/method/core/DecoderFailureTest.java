package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Memory;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A decoder that throws ends the run, says where, and leaves the sampler as good as before. */
class DecoderFailureTest {
    private static final int DIM = 7;
    private static final int STEPS = 12;
    private static final int BLOCKS = 4;

    private final RuntimeException failure = new ArithmeticException("no picture");
    private int callsUntilItFails = Integer.MAX_VALUE;

    /** Two samples, whose answers come in turn: the calls are (sample 0, answer 0), (1, 0), (0, 1), (1, 1), ... */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 9})
    void failureNamesTheRefinementAndKeepsItsCause(int callsBefore) {
        try (Sampler sampler = sampler(DIM)) {
            List<float[]> before = sampler.sample(requests(2)).stream().map(Sample::values).toList();
            callsUntilItFails = callsBefore;
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> sampler.sample(requests(2)));
            assertEquals("the decoder failed on refinement " + callsBefore / 2 + ": no picture", e.getMessage());
            assertSame(failure, e.getCause());
            callsUntilItFails = Integer.MAX_VALUE;
            List<Sample> after = sampler.sample(requests(2));
            for (int s = 0; s < 2; s++) {
                assertArrayEquals(before.get(s), after.get(s).values());
                assertEquals(BLOCKS, after.get(s).stats().refinements());
            }
        }
    }

    @Test
    void failureReachesWhoeverWaitsAndTheSamplerCloses() {
        Sampler sampler = sampler(DIM);
        callsUntilItFails = 3;
        CompletionException e = assertThrows(CompletionException.class,
                () -> sampler.sampleAsync(requests(1), RunOptions.defaults()).join());
        assertSame(failure, e.getCause().getCause());
        assertDoesNotThrow(() -> sampler.close());
    }

    /** Rows of 256 KiB, 2 x 15 of them taken anew in every other run: what was left behind would be seen. */
    @Test
    void failuresLeaveNothingBesideTheJavaHeap() throws Exception {
        try (Sampler sampler = sampler(1 << 16)) {
            fail(sampler, 30);
            long before = Memory.residentBytes();
            fail(sampler, 100);
            long grown = Memory.residentBytes() - before;
            assertTrue(grown < 96 << 20, "100 failures left " + grown + " bytes");
        }
    }

    private void fail(Sampler sampler, int times) {
        for (int run = 0; run < times; run++) {
            callsUntilItFails = 2;
            int samples = 1 + run % 2;
            assertThrows(IllegalStateException.class, () -> sampler.sample(requests(samples)));
            if (run % 10 == 0) {
                // Young garbage would make the Java heap itself resident, bit by bit.
                System.gc();
            }
        }
    }

    private Sampler sampler(int dim) {
        TestDecoder decoder = TestDecoder.unrecorded(1, (latent, picture) -> {
            picture[0] = latent[0];
            if (callsUntilItFails-- == 0) {
                throw failure;
            }
        });
        return Sampler.builder(TestDenoisers.idle(dim), TestGrids.angles(STEPS, 1.4))
                .method(Srds.defaults().withBlocks(BLOCKS).withStop(StopRule.decoded(decoder, 0))).build();
    }

    private static List<Request> requests(int samples) {
        return IntStream.range(0, samples).mapToObj(Request::seed).toList();
    }
}

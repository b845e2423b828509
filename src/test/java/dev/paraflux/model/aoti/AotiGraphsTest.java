package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Queue;
import dev.paraflux.device.Warnings;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.GraphCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of packages as graphs, on a stand-in for a device, whose graphs are the work that was captured. */
class AotiGraphsTest {
    @TempDir
    private static Path folder;

    private final CountingDevice there = new CountingDevice(false);
    private final GraphCalls calls = new GraphCalls(there);
    private final AotiStandIn where = new AotiStandIn(there, calls::graphs);

    @BeforeAll
    static void runHere() throws IOException {
        TestPackages.assumeTheyRunHere();
    }

    private PretrainedDenoiser load(Path file, Consumer<Runnable> launching) throws IOException {
        there.captures(launching);
        return PretrainedDenoiser.load(where, file, TestPackages.card(file), LoadOptions.DEFAULT);
    }

    private static float[][] expected(Path file) throws IOException {
        try (PretrainedDenoiser model = TestPackages.load(file)) {
            return GraphCalls.expected(model);
        }
    }

    @Test
    void callsAtOnePlaceAreLaunchedAndFollowWhatTheyAreGiven() throws IOException {
        Path file = TestPackages.tiny(folder);
        float[][] expected = expected(file);
        try (PretrainedDenoiser model = load(file, Runnable::run); Queue queue = there.queue()) {
            int before = there.graphs();
            there.reset();
            assertArrayEquals(expected, GraphCalls.answers(model, queue, there));
            assertEquals(before + 1, there.graphs());
            assertEquals(GraphCalls.LAUNCHES, there.launches(), "and once to try it");
        }
        calls.assertNothingHeld();
    }

    /** Made once more it would go on from what it has changed. */
    @Test
    void aPackageThatChangesItsInputIsNotCaptured() throws IOException {
        Path file = TestPackages.odd(folder);
        float[][] expected = expected(file);
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = load(file, Runnable::run);
                Queue queue = there.queue()) {
            assertArrayEquals(expected, GraphCalls.answers(model, queue, there));
            assertEquals(0, there.graphs() + there.launches());
            assertEquals(List.of(), warnings.naming("CUDA"), "it is not tried");
        }
    }

    @Test
    void withoutGraphsNothingIsCaptured() throws IOException {
        Path file = TestPackages.tiny(folder);
        there.captures(Runnable::run);
        try (PretrainedDenoiser model = PretrainedDenoiser.load(where, file, TestPackages.card(file),
                LoadOptions.DEFAULT.withGraphs(false)); Queue queue = there.queue()) {
            assertArrayEquals(expected(file), GraphCalls.answers(model, queue, there));
            assertEquals(0, there.graphs() + there.launches());
        }
    }

    @Test
    void aGraphThatAnswersOtherBitsIsNotUsed() throws IOException {
        Path file = TestPackages.tiny(folder);
        float[][] expected = expected(file);
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = load(file, work -> {});
                Queue queue = there.queue()) {
            assertArrayEquals(expected, GraphCalls.answers(model, queue, there));
            calls.assertNothingHeld();
            assertEquals(List.of("WARNING model test: calls are made kernel by kernel, and not as CUDA graphs:"
                    + " a captured call answers other bits"), warnings.naming("CUDA"));
        }
    }

    /** Compiled code does not say so itself. The call alone may fit, and graphs of smaller ones. */
    @Test
    void aGraphForWhichThereIsTooLittleMemoryIsNotTheEndOfOthers() throws IOException {
        Path file = TestPackages.tiny(folder);
        float[][] expected = expected(file);
        boolean[] little = {true};
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = load(file, work -> {
                    where.limit(little[0] ? 0 : 100, "run_func_( container_handle_) API call failed", true);
                    try {
                        work.run();
                    } finally {
                        where.limit(100, "", false);
                    }
                });
                Queue queue = there.queue();
                Queue other = there.queue()) {
            assertArrayEquals(expected, GraphCalls.answers(model, queue, there));
            calls.assertNothingHeld();
            little[0] = false;
            there.reset();
            assertArrayEquals(expected, GraphCalls.answers(model, other, there));
            assertTrue(there.launches() > 0, "launches");
            assertEquals(List.of(), warnings.naming("CUDA"));
        }
    }
}

package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Queue;
import dev.paraflux.device.Warnings;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a stand-in for a device, whose graphs are the work that was captured. */
class TorchGraphsTest {
    @TempDir
    private static Path folder;

    private final CountingDevice there = new CountingDevice(false);
    private final GraphCalls calls = new GraphCalls(there);

    private PretrainedDenoiser load(Path file, Consumer<Runnable> launching) throws IOException {
        there.captures(launching);
        return PretrainedDenoiser.load(new StandIn(there, calls::graphs), file,
                ModelCard.read(ModelCard.beside(file)),
                LoadOptions.DEFAULT);
    }

    private static float[][] expected(Path file) throws IOException {
        try (PretrainedDenoiser model = PretrainedDenoiser.load(new TorchBackend(), file,
                ModelCard.read(ModelCard.beside(file)), LoadOptions.DEFAULT)) {
            return GraphCalls.expected(model);
        }
    }

    @Test
    void callsAtOnePlaceAreLaunchedAndFollowWhatTheyAreGiven() throws IOException {
        Path file = TestModules.labelled(folder);
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

    @Test
    void anotherQueueHasGraphsOfItsOwn() throws IOException {
        Path file = TestModules.labelled(folder);
        float[][] expected = expected(file);
        try (PretrainedDenoiser model = load(file, Runnable::run);
                Queue one = there.queue();
                Queue other = there.queue();
                Buffer rows = there.allocate(4, model.dim())) {
            there.reset();
            for (int call = 0; call < GraphCalls.CALLS; call++) {
                assertArrayEquals(expected[call], GraphCalls.answer(model, call % 2 == 0 ? one : other, rows, call));
            }
            assertEquals(0, there.launches(), "none has come twice in a row");
            for (int call = 0; call < GraphCalls.CALLS; call++) {
                assertArrayEquals(expected[call], GraphCalls.answer(model, one, rows, call));
            }
            for (int call = 0; call < GraphCalls.CALLS; call++) {
                assertArrayEquals(expected[call], GraphCalls.answer(model, other, rows, call));
            }
            assertTrue(there.launches() > GraphCalls.CALLS, "launches");
            assertTrue(calls.memories().size() > 2, "those of a queue were gone before those of the other came");
        }
        calls.assertNothingHeld();
    }

    @Test
    void aGraphThatAnswersOtherBitsIsNotUsed() throws IOException {
        givesUp(work -> {}, "a captured call answers other bits");
    }

    @Test
    void whatCannotBeCapturedIsMadeAsBefore() throws IOException {
        givesUp(work -> {
            throw new IllegalStateException("operation not permitted when stream is capturing");
        }, "operation not permitted when stream is capturing");
    }

    private void givesUp(Consumer<Runnable> launching, String why) throws IOException {
        Path file = TestModules.labelled(folder);
        float[][] expected = expected(file);
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = load(file, launching);
                Queue queue = there.queue()) {
            assertArrayEquals(expected, GraphCalls.answers(model, queue, there));
            calls.assertNothingHeld();
            assertEquals(List.of(
                    "WARNING model test: calls are made kernel by kernel, and not as CUDA graphs: " + why),
                    warnings.naming("CUDA"));
        }
    }

    /** What answers NaNs is tried as well as what answers numbers. */
    @Test
    void aGraphThatAnswersNothingWhereNansWereAnsweredIsNotUsed() throws IOException {
        Path file = TestModules.write(folder, "none", "def forward(self, x, t):\n    return x * float('nan')",
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        float[][] expected = expected(file);
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = load(file, work -> {});
                Queue queue = there.queue()) {
            assertArrayEquals(expected, GraphCalls.answers(model, queue, there));
            calls.assertNothingHeld();
            assertEquals(1, warnings.naming("CUDA").size());
        }
    }

    /** The call alone may fit, and graphs of smaller ones. */
    @Test
    void aGraphForWhichThereIsTooLittleMemoryIsNotTheEndOfOthers() throws IOException {
        Path file = TestModules.labelled(folder);
        float[][] expected = expected(file);
        boolean[] little = {true};
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = load(file, work -> {
                    if (little[0]) {
                        throw new IllegalStateException("CUDA out of memory. Tried to allocate 20.00 MiB");
                    }
                    work.run();
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

    /** Of copies that it has changed a graph would not know. */
    @Test
    void aModuleThatChangesItsInputIsNotCaptured() throws IOException {
        Path file = TestModules.changing(folder);
        float[][] expected = expected(file);
        try (PretrainedDenoiser model = load(file, Runnable::run); Queue queue = there.queue()) {
            assertArrayEquals(expected, GraphCalls.answers(model, queue, there));
            assertEquals(0, there.graphs());
        }
    }

    /** Nor one that changes its times: made once more it would have times that were changed twice. */
    @Test
    void aModuleThatChangesItsTimesIsNotCaptured() throws IOException {
        Path file = TestModules.write(folder, "scaling",
                "def forward(self, x, t):\n    t *= 3\n    return 0.5 * x + 0.001 * t.reshape(-1, 1, 1, 1)",
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        float[][] expected = expected(file);
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = load(file, Runnable::run);
                Queue queue = there.queue()) {
            assertArrayEquals(expected, GraphCalls.answers(model, queue, there));
            assertEquals(0, there.graphs());
            assertEquals(List.of(), warnings.naming("CUDA"));
        }
    }

    /** It says that it has no memory at a time that comes after calls were captured. */
    @Test
    void graphsGiveTheirMemoryBackWhereThereIsTooLittle() throws IOException {
        Path greedy = TestModules.write(folder, "greedy",
                "def forward(self, x, t):\n"
                        + "    assert bool((t != 7.0).all()), 'CUDA out of memory. Tried to allocate 20.00 MiB'\n"
                        + "    return 0.5 * x + 0.001 * t.reshape(-1, 1, 1, 1)",
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = load(greedy, Runnable::run);
                Queue queue = there.queue();
                Buffer rows = there.allocate(4, model.dim())) {
            for (int call = 0; call < TorchGraphs.FIRST_CALLS + 1; call++) {
                GraphCalls.answer(model, queue, rows, call);
            }
            assertTrue(there.graphs() > 0);
            Batch batch = new Batch(1);
            batch.begin(queue, rows, 0, rows, 2);
            batch.add(seven(), Condition.none());
            assertThrows(OutOfMemoryError.class, () -> batch.evaluateBy(model));
            calls.assertNothingHeld();
            for (int call = 0; call < TorchGraphs.FIRST_CALLS + 1; call++) {
                GraphCalls.answer(model, queue, rows, call);
            }
            assertTrue(there.graphs() > 0, "calls that fit are captured anew");
            assertEquals(List.of(), warnings.naming("CUDA"));
        }
    }

    private static NoiseLevel seven() {
        for (int step = 0; step <= 1000; step++) {
            if (TestGrids.linear(1000).level(step).time() == 7) {
                return TestGrids.linear(1000).level(step);
            }
        }
        throw new AssertionError("no level at time 7");
    }
}

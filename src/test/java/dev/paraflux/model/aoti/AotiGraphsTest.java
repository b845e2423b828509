package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.device.Warnings;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.CountedMemory;
import dev.paraflux.model.torch.StandInTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of packages as graphs, on a stand-in for a device, whose graphs are the work that was captured. */
class AotiGraphsTest {
    private static final int CALLS = 9;
    /** Made before one is captured. */
    private static final int FIRST_CALLS = 2;

    @TempDir
    private static Path folder;

    private final CountingDevice there = new CountingDevice(false);
    private final List<CountedMemory> memories = new ArrayList<>();
    private final AotiStandIn where = new AotiStandIn(there, name -> StandInTarget.graphs(name, this::memory));

    @BeforeAll
    static void runHere() throws IOException {
        TestPackages.assumeTheyRunHere();
    }

    private CountedMemory memory() {
        memories.add(new CountedMemory());
        return memories.get(memories.size() - 1);
    }

    private void assertNothingHeld() {
        assertEquals(0, there.graphs());
        assertTrue(memories.stream().allMatch(CountedMemory::isFree));
    }

    private PretrainedDenoiser load(Path file, Consumer<Runnable> launching) throws IOException {
        there.captures(launching);
        return PretrainedDenoiser.load(where, file, TestPackages.card(file), LoadOptions.DEFAULT);
    }

    /** Calls of two rows at one place, each at other times, labels and states; what they answer. */
    private static float[][] answers(PretrainedDenoiser model, Queue queue, Device device) {
        float[][] answers = new float[CALLS][];
        try (Buffer rows = device.allocate(4, model.dim())) {
            for (int call = 0; call < CALLS; call++) {
                float[] values = new float[model.dim()];
                for (int e = 0; e < values.length; e++) {
                    values[e] = (float) Math.sin(call + e);
                }
                rows.write(0, values);
                rows.write(1, values);
                Batch batch = new Batch(2);
                batch.begin(queue, rows, 0, rows, 2);
                for (int row = 0; row < 2; row++) {
                    batch.add(TestGrids.linear(20).level(call + row), Condition.label((call + row) % 4));
                }
                batch.evaluateBy(model);
                queue.await();
                rows.read(3, values);
                answers[call] = values;
            }
        }
        return answers;
    }

    private static float[][] expected(Path file) throws IOException {
        try (PretrainedDenoiser model = TestPackages.load(file); Queue queue = Device.cpu().queue()) {
            model.setReplicas(1);
            return answers(model, queue, Device.cpu());
        }
    }

    @Test
    void callsAtOnePlaceAreLaunchedAndFollowWhatTheyAreGiven() throws IOException {
        Path file = TestPackages.tiny(folder);
        float[][] expected = expected(file);
        try (PretrainedDenoiser model = load(file, Runnable::run); Queue queue = there.queue()) {
            int before = there.graphs();
            there.reset();
            assertArrayEquals(expected, answers(model, queue, there));
            assertEquals(before + 1, there.graphs());
            assertEquals(CALLS - FIRST_CALLS + 1, there.launches(), "and once to try it");
        }
        assertNothingHeld();
    }

    /** Made once more it would go on from what it has changed. */
    @Test
    void aPackageThatChangesItsInputIsNotCaptured() throws IOException {
        Path file = TestPackages.odd(folder);
        float[][] expected = expected(file);
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = load(file, Runnable::run);
                Queue queue = there.queue()) {
            assertArrayEquals(expected, answers(model, queue, there));
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
            assertArrayEquals(expected(file), answers(model, queue, there));
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
            assertArrayEquals(expected, answers(model, queue, there));
            assertNothingHeld();
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
            assertArrayEquals(expected, answers(model, queue, there));
            assertNothingHeld();
            little[0] = false;
            there.reset();
            assertArrayEquals(expected, answers(model, other, there));
            assertTrue(there.launches() > 0, "launches");
            assertEquals(List.of(), warnings.naming("CUDA"));
        }
    }
}

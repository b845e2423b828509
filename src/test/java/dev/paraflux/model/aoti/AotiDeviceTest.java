package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.device.Warnings;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TorchArguments;
import dev.paraflux.model.torch.TorchGraphs;
import dev.paraflux.model.torch.TorchTarget;
import dev.paraflux.model.torch.TorchTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Packages on another device than the host: a stand-in has its rows in the host's memory, says that they are not the host's, and
 * is the CPU to libtorch and to the compiler, so that all is done as on CUDA, but for the device.
 */
class AotiDeviceTest {
    private static final CountingDevice THERE = new CountingDevice(false);

    @TempDir
    private static Path folder;

    @BeforeAll
    static void runHere() throws IOException {
        TestPackages.assumeTheyRunHere();
    }

    private static PretrainedDenoiser tiny() throws IOException {
        return new AotiStandIn(THERE).denoiser(TestPackages.tiny(folder), folder);
    }

    private abstract static class Compiled extends LabelledContract {
        @Override
        protected Denoiser open() {
            try {
                return new AotiStandIn(THERE).denoiser(file(), folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Path file() throws IOException {
            return TestPackages.tiny(folder);
        }

        @Override
        protected int labels() {
            return 4;
        }

        /** oneDNN chooses its convolutions by the number of rows. */
        @Override
        protected double batchTolerance() {
            return 2e-6;
        }

        @Override
        protected Device device() {
            return THERE;
        }
    }

    @Nested
    class Labelled extends Compiled {}

    /** Its rows come from the host, and go there. */
    @Nested
    class LabelledFromTheHost extends Compiled {
        @Override
        protected Device device() {
            return Device.cpu();
        }
    }

    /** From two rows on, in bfloat16, of copies of x. */
    @Nested
    class Odd extends Compiled {
        @Override
        Path file() throws IOException {
            TestPackages.tiny(folder);
            return TestPackages.odd(folder);
        }

        @Override
        protected double batchTolerance() {
            return 4e-3;
        }
    }

    /** They are brought there on a stream that no queue follows, and what still reads them may be under way. */
    @Test
    void weightsAreWaitedForWhenTheyComeAndBeforeTheyGo() throws IOException {
        THERE.reset();
        PretrainedDenoiser model = new AotiStandIn(THERE).denoiser(TestPackages.tiny(folder), folder);
        assertEquals(1, THERE.waitsForAll());
        model.close();
        assertEquals(2, THERE.waitsForAll());
    }

    /** Times travel with every call, labels when they are others, and nothing is waited for. */
    @Test
    void conditionsAreBroughtOnce() throws IOException {
        try (PretrainedDenoiser model = tiny();
                Buffer rows = THERE.allocate(4, model.dim());
                Queue queue = THERE.queue()) {
            assertTrue(model.worksOn(THERE) && model.worksOn(Device.cpu()));
            assertFalse(model.worksOn(new CountingDevice(false)));
            assertEquals(1, model.replicas());
            Batch batch = new Batch(2);
            int[] copies = new int[4];
            Condition one = Condition.label(1);
            Condition two = Condition.label(2);
            model.prepare(2);
            for (int call = 0; call < copies.length; call++) {
                batch.begin(queue, rows, 0, rows, 2);
                batch.add(TestGrids.linear(10).level(call), call == 2 ? two : one);
                batch.add(TestGrids.linear(10).level(call + 1), one);
                THERE.reset();
                model.evaluate(batch);
                copies[call] = THERE.copies();
                assertEquals(0, THERE.waits());
                assertEquals(0, THERE.calls());
            }
            assertArrayEquals(new int[] {2, 1, 2, 2}, copies, "times; the labels, too, where they are others");
        }
    }

    @Test
    void samplesHaveTheBitsOfTheHosts() throws IOException {
        Path file = TestPackages.tiny(folder);
        try (PretrainedDenoiser there = tiny(); PretrainedDenoiser here = TestPackages.load(file)) {
            here.setReplicas(1);
            assertEquals(here.identity(), there.identity());
            float[] expected = draw(here, Device.cpu()).values();
            assertArrayEquals(expected, draw(there, THERE).values());
            assertArrayEquals(expected, draw(there, Device.cpu()).values());
            assertArrayEquals(expected, draw(here, THERE).values());
        }
    }

    private static Sample draw(Denoiser model, Device device) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(8)).device(device).method(ParaTaa.defaults())
                .build()) {
            return sampler.sample(Request.seed(3).withLabel(2));
        }
    }

    /** And none for the model. */
    @Test
    void aRoundWaitsOnce() throws IOException {
        List<Integer> waits = new ArrayList<>();
        try (PretrainedDenoiser model = tiny()) {
            draw(model, THERE);
            Sample sample = draw(new ForwardingDenoiser(model) {
                @Override
                public void evaluate(Batch batch) {
                    waits.add(THERE.waits());
                    THERE.reset();
                    super.evaluate(batch);
                    assertEquals(0, THERE.waits());
                }
            }, THERE);
            assertEquals(sample.stats().rounds(), waits.size());
            assertTrue(waits.subList(1, waits.size()).stream().allMatch(count -> count == 1), waits.toString());
        }
    }

    /** Compiled code tells that it failed, and hardly ever why: the allocator has counted it then. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            false | CUDA out of memory. Tried to allocate 20.00 MiB | CUDA out of memory. Tried to allocate 20.00 MiB
            true  | run_func_( container_handle_) API call failed at line 3 | it gives its reason on the console alone
            """)
    void aBatchThatTheDeviceHasNoMemoryForIsMadeSmaller(boolean counted, String words, String told)
            throws IOException {
        AotiStandIn where = new AotiStandIn(THERE);
        List<Request> requests = IntStream.range(0, 5).mapToObj(i -> Request.seed(i).withLabel(1)).toList();
        try (PretrainedDenoiser model = where.denoiser(TestPackages.tiny(folder), folder);
                Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).device(THERE).build();
                PretrainedDenoiser other = tiny();
                Sampler expected = Sampler.builder(other, TestGrids.linear(4)).device(THERE).build();
                Buffer rows = THERE.allocate(6, model.dim());
                Queue queue = THERE.queue()) {
            where.limit(2, words, counted);
            Batch batch = new Batch(3);
            batch.begin(queue, rows, 0, rows, 3);
            for (int i = 0; i < 3; i++) {
                batch.add(TestGrids.linear(4).level(1), Condition.none());
            }
            assertEquals("model test: " + told,
                    assertThrows(OutOfMemoryError.class, () -> model.evaluate(batch)).getMessage());
            try (Warnings warnings = new Warnings()) {
                List<Sample> found = sampler.sample(requests);
                for (int i = 0; i < requests.size(); i++) {
                    assertArrayEquals(expected.sample(requests).get(i).values(), found.get(i).values(), 1e-5f);
                }
                assertEquals(2, warnings.naming("memory").size(), "from five to three, and to two");
            }
            where.limit(1, "it fails otherwise", false);
            assertEquals("model test fails: it fails otherwise",
                    assertThrows(ModelException.class, () -> model.evaluate(batch)).getMessage());
        }
    }

    /** Compiled code takes 16 bytes at a time, wherever rows begin. */
    @Test
    void statesThatDoNotBeginAtABoundaryAreCopied() throws IOException {
        TestPackages.tiny(folder);
        ModelCard card = TestPackages.card(folder.resolve("tiny.pt2"));
        TorchTarget target = new AotiStandIn(THERE).target();
        float[] values = new float[2 * card.dim()];
        for (int e = 0; e < values.length; e++) {
            values[e] = e;
        }
        try (Buffer rows = THERE.allocate(2, 2 * card.dim());
                Arguments arguments = new Arguments(card, 1);
                TorchArguments given = new TorchArguments(target, arguments)) {
            for (int first = 0; first < 5; first++) {
                long at = rows.address(0) + (long) first * Float.BYTES;
                try (AotiPlace place = new AotiPlace(target, TorchGraphs.none("test"), at, rows.address(1),
                        TorchTensors.sizes(1, card.shape()), card.dim(), given)) {
                    rows.write(0, values);
                    FloatPointer states = place.inputs().get(0).data_ptr_float();
                    assertEquals(first % 4 == 0, states.address() == at, "from value " + first);
                    assertEquals(0, states.address() % 16);
                    for (int e = 0; e < card.dim(); e++) {
                        assertEquals(values[first + e], states.get(e));
                    }
                }
            }
        }
    }
}

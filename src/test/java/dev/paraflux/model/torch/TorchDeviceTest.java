package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.device.Warnings;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.Precision;
import dev.paraflux.model.UnconditionalContract;
import dev.paraflux.model.aoti.AotiBackend;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.onnx.OnnxBackend;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelCopy;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.pretrained.SpreadDenoiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Modules on another device than the host. libtorch has none here: a stand-in has its rows in the host's memory, says that they
 * are not the host's, and is the CPU to libtorch, so that all is done as on CUDA, but for the device.
 */
class TorchDeviceTest {
    private static final CountingDevice THERE = new CountingDevice(false);

    @TempDir
    private static Path folder;

    private interface Module {
        Path write(Path folder) throws IOException;
    }

    private static PretrainedDenoiser load(Module module, LoadOptions options) {
        try {
            Path file = module.write(folder);
            return PretrainedDenoiser.load(new StandIn(THERE), file, ModelCard.read(ModelCard.beside(file)), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nested
    class Labelled extends LabelledContract {
        @Override
        protected Denoiser open() {
            return load(TestModules::labelled, LoadOptions.DEFAULT);
        }

        @Override
        protected int labels() {
            return 3;
        }

        @Override
        protected Device device() {
            return THERE;
        }
    }

    /** Its rows come from the host, and go there. */
    @Nested
    class LabelledFromTheHost extends Labelled {
        @Override
        protected Device device() {
            return Device.cpu();
        }
    }

    /** It is given copies. */
    @Nested
    class Changing extends UnconditionalContract {
        @Override
        protected Denoiser open() {
            return load(TestModules::changing, LoadOptions.DEFAULT);
        }

        @Override
        protected Device device() {
            return THERE;
        }
    }

    /** They are brought there on a stream that no queue follows, and what still reads them may be under way. */
    @Test
    void weightsAreWaitedForWhenTheyComeAndBeforeTheyGo() {
        THERE.reset();
        PretrainedDenoiser model = load(TestModules::labelled, LoadOptions.DEFAULT);
        assertEquals(1, THERE.waitsForAll());
        model.close();
        assertEquals(2, THERE.waitsForAll());
    }

    /** Times travel with every call, conditions when they are others, and nothing is waited for. */
    @Test
    void conditionsAreBroughtOnce() {
        try (PretrainedDenoiser model = load(TestModules::labelled, LoadOptions.DEFAULT);
                Buffer rows = THERE.allocate(4, model.dim());
                Queue queue = THERE.queue()) {
            assertTrue(model.worksOn(THERE) && model.worksOn(Device.cpu()));
            assertFalse(model.worksOn(new CountingDevice(false)));
            assertEquals(1, model.replicas());
            Batch batch = new Batch(2);
            int[] copies = new int[3];
            for (int time = 0; time < 3; time++) {
                batch.begin(queue, rows, 0, rows, 2);
                batch.add(TestGrids.linear(10).level(time), Condition.label(time == 2 ? 2 : 1));
                batch.add(TestGrids.linear(10).level(time + 1), Condition.label(1));
                model.evaluate(batch);
                THERE.reset();
                model.evaluate(batch);
                copies[time] = THERE.copies();
                assertEquals(0, THERE.waits());
                assertEquals(0, THERE.calls());
            }
            assertArrayEquals(new int[] {1, 1, 1}, copies, "times alone: nothing else has changed");
            batch.begin(queue, rows, 0, rows, 2);
            batch.add(TestGrids.linear(10).level(1), Condition.label(0));
            batch.add(TestGrids.linear(10).level(1), Condition.label(1));
            THERE.reset();
            model.evaluate(batch);
            assertEquals(2, THERE.copies(), "the labels, too");
        }
    }

    /** What calls use is the model's: where another queue comes, the one before may still be at it. */
    @Test
    void anotherQueueWaitsForTheOneBefore() {
        try (PretrainedDenoiser model = load(TestModules::plain, LoadOptions.DEFAULT);
                Buffer rows = THERE.allocate(2, model.dim());
                Queue one = THERE.queue();
                Queue other = THERE.queue()) {
            Batch batch = new Batch(1);
            Queue[] queues = {one, one, other, other, one};
            int[] waits = new int[queues.length];
            for (int call = 0; call < queues.length; call++) {
                THERE.reset();
                batch.begin(queues[call], rows, 0, rows, 1);
                batch.add(TestGrids.linear(10).level(1), Condition.none());
                model.evaluate(batch);
                waits[call] = THERE.waitsForAll();
            }
            assertArrayEquals(new int[] {1, 0, 1, 0, 1}, waits);
        }
    }

    @Test
    void samplesAreThoseOfTheHost() throws IOException {
        Path file = TestModules.labelled(folder);
        try (PretrainedDenoiser there = load(any -> file, LoadOptions.DEFAULT);
                PretrainedDenoiser here = ModelFile.load(file);
                PretrainedDenoiser narrow = load(any -> file,
                        LoadOptions.DEFAULT.withPrecision(Precision.BFLOAT16))) {
            here.setReplicas(1);
            assertEquals(here.identity(), there.identity());
            float[] expected = draw(here, Device.cpu());
            assertArrayEquals(expected, draw(there, THERE), 1e-5f);
            assertArrayEquals(expected, draw(there, Device.cpu()), 1e-5f);
            assertArrayEquals(expected, draw(here, THERE), 1e-5f);
            assertArrayEquals(expected, draw(narrow, THERE), 0.1f);
        }
    }

    /** Rows come to each where it works, and go back; the sampler has its own on a third device, on the first's, or here. */
    @Test
    void copiesOnSeveralDevicesShareTheRowsOfARound() throws IOException {
        Path file = TestModules.labelled(folder);
        ModelCard card = ModelCard.read(ModelCard.beside(file));
        CountingDevice[] devices = {new CountingDevice(false), new CountingDevice(false)};
        try (PretrainedDenoiser here = ModelFile.load(file);
                PretrainedDenoiser first = PretrainedDenoiser.load(new StandIn(devices[0]), file, card,
                        LoadOptions.DEFAULT);
                PretrainedDenoiser second = PretrainedDenoiser.load(new StandIn(devices[1]), file, card,
                        LoadOptions.DEFAULT);
                Denoiser spread = SpreadDenoiser.of(List.of(ModelCopy.of(first, devices[0]),
                        ModelCopy.of(second, devices[1]).withShare(2)))) {
            here.setReplicas(1);
            float[] expected = draw(here, Device.cpu());
            for (Device where : new Device[] {THERE, devices[0], Device.cpu()}) {
                for (CountingDevice device : devices) {
                    device.reset();
                }
                assertArrayEquals(expected, draw(spread, where), 1e-5f);
                for (CountingDevice device : devices) {
                    assertTrue(device.copies() > 0, "each has had rows");
                }
            }
        }
    }

    private static float[] draw(Denoiser model, Device device) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(8)).device(device).method(ParaTaa.defaults())
                .build()) {
            return sampler.sample(Request.seed(3).withLabel(2)).values();
        }
    }

    /** By the words that libtorch has for it: the module says them of more than two rows. */
    @Test
    void aBatchThatTheDeviceHasNoMemoryForIsMadeSmaller() throws IOException {
        Path plain = TestModules.plain(folder);
        Path greedy = TestModules.write(folder, "greedy",
                "def forward(self, x, t):\n"
                        + "    assert x.shape[0] <= 2, 'CUDA out of memory. Tried to allocate 20.00 MiB'\n"
                        + "    return 0.5 * x + 0.001 * t.reshape(-1, 1, 1, 1)",
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        List<Request> requests = IntStream.range(0, 5).mapToObj(Request::seed).toList();
        try (PretrainedDenoiser model = load(any -> greedy, LoadOptions.DEFAULT);
                Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).device(THERE).build();
                PretrainedDenoiser other = load(any -> plain, LoadOptions.DEFAULT);
                Sampler expected = Sampler.builder(other, TestGrids.linear(4)).device(THERE).build();
                Buffer rows = THERE.allocate(6, model.dim());
                Queue queue = THERE.queue()) {
            Batch batch = new Batch(3);
            batch.begin(queue, rows, 0, rows, 3);
            for (int i = 0; i < 3; i++) {
                batch.add(TestGrids.linear(4).level(1), Condition.none());
            }
            String message = assertThrows(OutOfMemoryError.class, () -> model.evaluate(batch)).getMessage();
            assertEquals("model test: CUDA out of memory. Tried to allocate 20.00 MiB", message);
            try (Warnings warnings = new Warnings()) {
                for (int i = 0; i < requests.size(); i++) {
                    assertArrayEquals(expected.sample(requests).get(i).values(),
                            sampler.sample(requests).get(i).values(), 1e-6f);
                }
                assertEquals(2, warnings.naming("memory").size(), "from five to three, and to two");
            }
        }
    }

    @Test
    void aLibtorchOfTheCpuSaysWhatIsMissing() throws IOException {
        Path file = TestModules.labelled(folder);
        TorchLibrary.require();
        assertFalse(torch.hasCUDA());
        assertTrue(TorchLibrary.places().startsWith("the CPU alone: the libtorch here is the CPU's: put"
                + " org.bytedeco:pytorch:"), TorchLibrary.places());
        assertEquals("device " + THERE + ": must be the CPU, or one of CUDA's, for libtorch",
                assertThrows(IllegalValueException.class,
                        () -> ModelFile.load(file, LoadOptions.DEFAULT.withDevice(THERE))).getMessage());
        Device cuda = CudaTests.device();
        String message = assertThrows(IllegalValueException.class,
                () -> ModelFile.load(file, LoadOptions.DEFAULT.withDevice(cuda))).getMessage();
        assertEquals(
                "device " + cuda + ": must be the CPU, for the libtorch here is the CPU's: put org.bytedeco:pytorch:"
                        + TorchLibrary.version()
                        + ":linux-x86_64-gpu on the class path, and CUDA, cuDNN and NCCL where the system"
                        + " finds them",
                message);
    }

    @Test
    void otherRuntimesRefuseADeviceThatTheyDoNotKnow() throws IOException {
        Path file = TestModules.labelled(folder);
        ModelCard card = ModelCard.read(ModelCard.beside(file));
        Map.of(new OnnxBackend(), "the CPU, or one of CUDA's, for ONNX Runtime", new AotiBackend(),
                "the CPU, or one of CUDA's, for libtorch")
                .forEach((backend, legal) -> assertEquals("device " + THERE + ": must be " + legal,
                        assertThrows(IllegalValueException.class,
                                () -> backend.load(file, card, LoadOptions.DEFAULT.withDevice(THERE))).getMessage()));
        assertTrue(LoadOptions.DEFAULT.withDevice(Device.cpu()).device().isEmpty());
        assertTrue(new LoadOptions(1, Optional.empty(), Optional.of(Device.cpu()), true).device().isEmpty());
    }
}

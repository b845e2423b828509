package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.device.Warnings;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianDenoiser;
import dev.paraflux.model.GaussianDenoiserTest;
import dev.paraflux.model.around.ForwardingDenoiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A CUDA device that is lost, or has too little memory, while a sampler is at work; the emulated one can be. */
@Timeout(120)
class CudaTroubleTest {
    private static final int DIM = 1000;
    private static final int STEPS = 10;

    private final long before = NativeMemory.allocatedBytes();
    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);
    private Path file;
    private Device device;
    private int largest;

    @BeforeEach
    void open() {
        device = CudaTests.device();
        String name = System.getenv("EMULATED_TROUBLE");
        Assumptions.assumeTrue(name != null, "no trouble can be made for a device that is not emulated");
        file = Path.of(name);
    }

    @AfterEach
    void close() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }

    private void trouble(String word) {
        try {
            Files.writeString(file, word);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Sampler sampler() {
        return Sampler.builder(model, TestGrids.linear(STEPS)).method(ParaTaa.defaults()).device(device).build();
    }

    private float[] onCpu() {
        try (Sampler cpu = Sampler.builder(TestDenoisers.bent(DIM), TestGrids.linear(STEPS))
                .method(ParaTaa.defaults()).device(Device.cpu()).build()) {
            return cpu.sample(Request.seed(7)).values();
        }
    }

    /** In the middle of the round, in which the model works on the host. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aDeviceThatIsLostEndsTheCallAndTheNextSamplerWorks(int round) throws IOException {
        model.beforeCall(batch -> {
            if (model.calls() == round) {
                trouble("lost");
            }
        });
        try (Sampler sampler = sampler()) {
            IllegalStateException failure = assertThrows(IllegalStateException.class,
                    () -> sampler.sample(Request.seed(7)));
            assertTrue(failure.getMessage().contains("cuda:0 (an emulated device)"), failure.getMessage());
            assertTrue(failure.getMessage().contains("unspecified launch failure"), failure.getMessage());
            assertThrows(IllegalStateException.class, () -> sampler.sample(Request.seed(7)), "it is still lost");
        }
        assertEquals(before, NativeMemory.allocatedBytes());
        assertThrows(IllegalStateException.class, () -> device.allocate(1, 1));
        assertThrows(IllegalStateException.class, this::sampler);
        assertEquals(before, NativeMemory.allocatedBytes());
        Files.delete(file);
        model.beforeCall(batch -> {});
        try (Sampler next = sampler()) {
            assertArrayEquals(onCpu(), next.sample(Request.seed(7)).values());
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    /** What a model has enqueued there is lost with it: the round's wait says so, and nothing else was waited for. */
    @Test
    void soItIsOfAModelThatWorksThere() throws IOException {
        int[] calls = new int[1];
        try (GaussianDenoiser exact = GaussianDenoiserTest.model(DIM)) {
            Denoiser losing = new ForwardingDenoiser(exact) {
                @Override
                public void evaluate(Batch batch) {
                    super.evaluate(batch);
                    if (++calls[0] == 3) {
                        trouble("lost");
                    }
                }
            };
            try (Sampler sampler = Sampler.builder(losing, TestGrids.linear(STEPS)).method(ParaTaa.defaults())
                    .device(device).build()) {
                String message = assertThrows(IllegalStateException.class, () -> sampler.sample(Request.seed(7)))
                        .getMessage();
                assertTrue(message.contains("unspecified launch failure"), message);
                Files.delete(file);
                float[] found = sampler.sample(Request.seed(7)).values();
                try (Sampler cpu = Sampler.builder(exact, TestGrids.linear(STEPS)).method(ParaTaa.defaults())
                        .device(Device.cpu()).build()) {
                    assertArrayEquals(cpu.sample(Request.seed(7)).values(), found);
                }
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    /** The sampler itself goes on once its device is there again. */
    @Test
    void aSamplerOutlivesTheLossOfItsDevice() throws IOException {
        try (Sampler sampler = sampler()) {
            float[] expected = sampler.sample(Request.seed(7)).values();
            model.beforeCall(batch -> trouble("lost"));
            List<CompletableFuture<Sample>> calls = IntStream.range(0, 5)
                    .mapToObj(i -> sampler.sampleAsync(Request.seed(i))).toList();
            for (CompletableFuture<Sample> call : calls) {
                Throwable cause = assertThrows(CompletionException.class, call::join).getCause();
                assertEquals(IllegalStateException.class, cause.getClass(), cause.toString());
            }
            model.beforeCall(batch -> {});
            Files.delete(file);
            assertArrayEquals(expected, sampler.sample(Request.seed(7)).values());
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    @Test
    void memoryThatThereIsNotIsNamed() {
        trouble("1000000");
        OutOfMemoryError error = assertThrows(OutOfMemoryError.class, () -> device.allocate(1000, 1000));
        assertEquals("no memory for Buffer[1000 x 1000]: 4000000 bytes on cuda:0 (an emulated device)",
                error.getMessage());
        try (Sampler sampler = sampler()) {
            trouble("100");
            assertThrows(OutOfMemoryError.class, () -> sampler.sample(Request.seed(7)));
            trouble("100000000");
            assertArrayEquals(onCpu(), sampler.sample(Request.seed(7)).values());
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    /** Rows of several samples do not lie side by side: batches are made of them, and smaller ones where these do not fit. */
    @Test
    void batchesThatDoNotFitAreMadeSmaller() {
        List<Request> requests = IntStream.range(0, 20).mapToObj(Request::seed).toList();
        model.beforeCall(batch -> largest = Math.max(largest, batch.size()));
        List<Sample> expected = draw(requests);
        int usual = largest;
        boolean found = false;
        for (long bytes = 1 << 20; !found; bytes += 1 << 16) {
            largest = 0;
            trouble(Long.toString(bytes));
            try (Warnings warnings = new Warnings()) {
                List<Sample> samples = draw(requests);
                for (int i = 0; i < requests.size(); i++) {
                    assertArrayEquals(expected.get(i).values(), samples.get(i).values(), "request " + i);
                }
                assertTrue(largest < usual, "with " + bytes + " bytes there are batches of " + largest);
                assertFalse(warnings.naming("no memory for a model call of").isEmpty(), "it is said");
                found = true;
            } catch (OutOfMemoryError tooLittle) {
                assertTrue(tooLittle.getMessage().contains("bytes on cuda:0"), tooLittle.getMessage());
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private List<Sample> draw(List<Request> requests) {
        // Not of a method with windows: what kernels work in is more than a batch there.
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).method(Srds.defaults()).device(device)
                .build()) {
            return sampler.sample(requests, RunOptions.defaults());
        }
    }

    @Test
    void aSamplerIsClosedWithWorkUnderWay() throws InterruptedException {
        Gate gate = new Gate();
        model.beforeCall(batch -> {
            if (model.calls() == 2) {
                gate.pass();
            }
        });
        Sampler sampler = sampler();
        List<CompletableFuture<Sample>> calls = IntStream.range(0, 5)
                .mapToObj(i -> sampler.sampleAsync(Request.seed(i)))
                .toList();
        gate.awaitRun();
        Thread closer = new Thread(sampler::close);
        closer.start();
        gate.open();
        closer.join();
        for (CompletableFuture<Sample> call : calls) {
            assertEquals(Status.CANCELLED, call.join().status());
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }
}

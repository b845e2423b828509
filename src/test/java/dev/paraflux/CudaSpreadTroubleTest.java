package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.device.Warnings;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianDenoiserTest;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.model.pretrained.ModelCopy;
import dev.paraflux.model.pretrained.SpreadDenoiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Copies of a model on two CUDA devices, of which one fails, or the devices do, while the others are at work: what they still
 * do with the rows is done before those are used again, or freed.
 */
@Timeout(120)
class CudaSpreadTroubleTest {
    private static final int DIM = 1000;

    private final long before = NativeMemory.allocatedBytes();
    private Device[] devices;
    private final Failing[] copies = {new Failing(), new Failing(), new Failing()};
    private final float[] expected = onCpu();
    private Denoiser spread;

    /** An exact model that does something in a call of a number. */
    private static final class Failing extends ForwardingDenoiser {
        private int calls;
        private int number;
        private Runnable doing = () -> {};

        Failing() {
            super(GaussianDenoiserTest.model(DIM));
        }

        @Override
        public void evaluate(Batch batch) {
            super.evaluate(batch);
            if (++calls == number) {
                doing.run();
            }
        }

        void in(int call, Runnable action) {
            calls = 0;
            number = call;
            doing = action;
        }
    }

    @BeforeEach
    void open() {
        devices = new Device[] {CudaTests.device(), CudaTests.device(1)};
        spread = SpreadDenoiser
                .of(IntStream.range(0, 3).mapToObj(k -> ModelCopy.of(copies[k], devices[k / 2])).toList())
                .owning();
    }

    @AfterEach
    void close() throws IOException {
        if (trouble() != null) {
            Files.deleteIfExists(trouble());
        }
        if (spread != null) {
            spread.close();
            assertEquals(before, NativeMemory.allocatedBytes());
        }
    }

    private static Path trouble() {
        String name = System.getenv("EMULATED_TROUBLE");
        return name == null ? null : Path.of(name);
    }

    private Sampler sampler() {
        return sampler(spread, devices[0]);
    }

    private static Sampler sampler(Denoiser model, Device device) {
        return Sampler.builder(model, TestGrids.linear(10)).method(ParaTaa.defaults()).device(device).build();
    }

    private static float[] onCpu() {
        try (Denoiser model = GaussianDenoiserTest.model(DIM); Sampler sampler = sampler(model, Device.cpu())) {
            return sampler.sample(Request.seed(7)).values();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whatACopyFailsWithEndsTheCallAndTheNextOneIsRight(int failing) {
        for (int call = 1; call <= 3; call++) {
            RuntimeException planted = new IllegalStateException("planted");
            copies[failing].in(call, () -> {
                throw planted;
            });
            try (Sampler sampler = sampler()) {
                assertSame(planted, assertThrows(IllegalStateException.class, () -> sampler.sample(Request.seed(7))));
                assertArrayEquals(expected, sampler.sample(Request.seed(7)).values());
            }
            copies[failing].in(call, () -> {
                throw planted;
            });
            try (Sampler sampler = sampler()) {
                assertThrows(IllegalStateException.class, () -> sampler.sample(Request.seed(7)));
            }
        }
    }

    /** There is less for one copy to take: batches are halved, as they are for a model by itself. */
    @Test
    void whereACopyHasTooLittleMemoryCallsAreMadeSmaller() {
        copies[2].in(2, () -> {
            throw new OutOfMemoryError("planted");
        });
        try (Sampler sampler = sampler(); Warnings warnings = new Warnings()) {
            assertArrayEquals(expected, sampler.sample(Request.seed(7)).values());
            assertTrue(copies[2].calls > 2, copies[2].calls + " calls");
            assertEquals(1, warnings.naming("no memory for a model call of").size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void devicesThatAreLostEndTheCallAndAreUsedAgainOnceTheyAreBack(int losing) throws IOException {
        Assumptions.assumeTrue(trouble() != null, "no trouble can be made for a device that is not emulated");
        try (Sampler sampler = sampler()) {
            copies[losing].in(2, () -> {
                try {
                    Files.writeString(trouble(), "lost");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            String message = assertThrows(IllegalStateException.class, () -> sampler.sample(Request.seed(7)))
                    .getMessage();
            assertTrue(message.contains("unspecified launch failure"), message);
            assertThrows(IllegalStateException.class, () -> sampler.sample(Request.seed(7)), "they are still lost");
            Files.delete(trouble());
            assertArrayEquals(expected, sampler.sample(Request.seed(7)).values());
        }
    }

    @Test
    void aSamplerIsClosedWhileCopiesAreAtWork() throws InterruptedException {
        Gate gate = new Gate();
        copies[1].in(2, gate::pass);
        Sampler sampler = sampler();
        List<CompletableFuture<Sample>> calls = IntStream.range(0, 5)
                .mapToObj(i -> sampler.sampleAsync(Request.seed(i))).toList();
        gate.awaitRun();
        assertThrows(IllegalStateException.class, spread::close, "it is in use");
        Thread closer = new Thread(sampler::close);
        closer.start();
        gate.open();
        closer.join();
        for (CompletableFuture<Sample> call : calls) {
            assertEquals(Status.CANCELLED, call.join().status());
        }
    }
}

package dev.paraflux.pipeline;

import static dev.paraflux.pipeline.TinyPipelines.asked;
import static dev.paraflux.pipeline.TinyPipelines.path;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.ResidentMemory;
import dev.paraflux.RunOptions;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is closed is gone, and stays so. {@code -Dparaflux.loads=3000} loads and closes more often. */
class PipelineClosingTest {
    private static final int DRAWING = 3;
    private static final int LOADS = Integer.getInteger("paraflux.loads", 60);
    /** What the allocator keeps, as with models of ONNX Runtime. */
    private static final long MOST_BYTES = 30_000_000;
    /** The parts take 300 kB to 3 MB each: a hundredth of them would be a leak. */
    private static final long MOST_BYTES_A_LOAD = 30_000;

    @Test
    void nothingOfAClosedPipelineComesBack() throws IOException {
        TextToImage painter = TextToImage.builder(path("sd")).steps(1).build();
        Pipeline pipeline = painter.pipeline();
        Decoder decoder = pipeline.decoder();
        painter.draw(asked());
        painter.close();
        painter.close();

        float[] latents = new float[4 * 8 * 8];
        float[] pixels = new float[decoder.pictureDim()];
        assertThrows(IllegalStateException.class, () -> painter.draw(asked()));
        assertThrows(IllegalStateException.class, () -> pipeline.decode(latents));
        assertThrows(IllegalStateException.class, () -> pipeline.encode(pixels, latents));
        assertThrows(IllegalStateException.class, () -> pipeline.condition(asked()));
        assertTrue(assertThrows(IllegalStateException.class, () -> decoder.decode(latents, pixels)).getMessage()
                .endsWith("vae_decoder/model.onnx is closed"));
    }

    /** Whoever asks meanwhile has a picture, none since it was cancelled, or is told that it is closed. */
    @Test
    void aPainterIsClosedWhileThreadsDraw() throws Exception {
        for (int closing = 0; closing < 20; closing++) {
            TextToImage painter = TextToImage.builder(path("sd")).steps(1).build();
            CountDownLatch drawn = new CountDownLatch(DRAWING);
            List<CompletableFuture<String>> ends = new ArrayList<>();
            for (int k = 0; k < DRAWING; k++) {
                PictureRequest request = asked().withSeed(k);
                ends.add(CompletableFuture.supplyAsync(() -> {
                    while (true) {
                        try {
                            painter.draw(List.of(request), RunOptions.defaults());
                        } catch (IllegalStateException e) {
                            return e.getMessage();
                        }
                        drawn.countDown();
                    }
                }));
            }
            drawn.await();
            painter.close();
            for (CompletableFuture<String> end : ends) {
                assertTrue(end.get(1, TimeUnit.MINUTES).endsWith("is closed"), end.get());
            }
        }
    }

    @Test
    void manyLoadsAndClosesKeepMemoryFlat() throws IOException, InterruptedException {
        ResidentMemory.requireFlat(LOADS, MOST_BYTES, MOST_BYTES_A_LOAD, PipelineClosingTest::load);
    }

    /** Networks of both kinds, a pipeline whose parts come and go, and one that is refused when its denoiser is there. */
    private static void load(int times) throws IOException {
        for (int k = 0; k < times; k++) {
            ModelFile.network(path("sd/vae_encoder/model.onnx"), LoadOptions.DEFAULT).close();
            ModelFile.network(path("several.pt"), LoadOptions.DEFAULT).close();
            try (TextToImage painter = TextToImage.builder(path("sd")).steps(1).lowMemory().build()) {
                painter.draw(asked());
            }
            assertThrows(IllegalArgumentException.class,
                    () -> TextToImage.builder(path("sd")).steps(5000).build().close());
        }
    }
}

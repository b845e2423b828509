package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.RunOptions;
import dev.paraflux.method.window.Picard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of many threads share rounds and parts, and each picture is what it is alone. */
class PaintersThreadsTest {
    /** Of -1 to 1: batches of other sizes round otherwise, and a round more or less is within the method's tolerance. */
    private static final double TOLERANCE = 1e-3;
    private static final int ASKED = 8;

    private static PictureRequest request(int k) {
        PictureRequest request = PictureRequest.of(k % 2 == 0 ? "a red square" : "two small green circles " + k)
                .withSeed(k).withGuidance(1 + k);
        return k % 3 == 0 ? request : request.without("blurry " + k);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyPictureIsWhatItIsAlone(boolean lowMemory) throws Exception {
        List<float[]> alone = new ArrayList<>();
        try (TextToImage painter = painter(lowMemory)) {
            for (int k = 0; k < ASKED; k++) {
                alone.add(painter.draw(request(k)).pixels());
            }
        }
        try (TextToImage painter = painter(lowMemory)) {
            List<CompletableFuture<DrawnPicture>> asked = new ArrayList<>();
            for (int k = 0; k < ASKED; k++) {
                int number = k;
                asked.add(k % 2 == 0 ? CompletableFuture.supplyAsync(() -> painter.draw(request(number)))
                        : painter.drawAsync(List.of(request(k)), RunOptions.defaults())
                                .thenApply(pictures -> pictures.get(0)));
            }
            for (int k = 0; k < ASKED; k++) {
                float[] pixels = asked.get(k).get(1, TimeUnit.MINUTES).pixels();
                assertEquals(0, TinyPipelines.difference(alone.get(k), pixels), TOLERANCE, "picture " + k);
            }
        }
    }

    private static TextToImage painter(boolean lowMemory) throws IOException {
        TextToImage.Builder builder = TextToImage.builder(TinyPipelines.path("sd")).steps(TinyPipelines.STEPS)
                .method(Picard.defaults());
        return (lowMemory ? builder.lowMemory() : builder).build();
    }
}

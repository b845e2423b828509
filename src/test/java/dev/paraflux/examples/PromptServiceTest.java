package dev.paraflux.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example, as its clients see it. */
@Timeout(120)
class PromptServiceTest {
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Path folder() throws URISyntaxException {
        return Path.of(PromptServiceTest.class.getResource("/dev/paraflux/pipeline/sd/model_index.json").toURI())
                .getParent();
    }

    /** Neither half of a service stays where the other cannot be. */
    @Test
    void whatCannotServeHoldsNoPortAndNoPainter() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            assertThrows(BindException.class, () -> new PromptService(folder(), 4, port));
        }
        assertThrows(IOException.class, () -> new PromptService(Path.of("none"), 4, port));
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    }

    @Test
    void drawsThePromptsOfManyClients() throws Exception {
        try (PromptService service = new PromptService(folder(), 4, 0)) {
            List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
            for (int k = 0; k < 8; k++) {
                asked.add(CLIENT.sendAsync(get(service, k % 2 == 0 ? "a%20red%20square" : "a%20blue%20cross"),
                        BodyHandlers.ofByteArray()));
            }
            for (CompletableFuture<HttpResponse<byte[]>> one : asked) {
                assertEquals(200, one.get().statusCode());
                assertEquals(32, picture(one).getWidth());
            }
            // Drawn in other company, a value can fall to the other side of half a step.
            assertTrue(difference(picture(asked.get(0)), picture(asked.get(2))) <= 1);
            assertTrue(difference(picture(asked.get(0)), picture(asked.get(1))) > 1);
            HttpResponse<String> refused = CLIENT.send(get(service, "a".repeat(100_001)), BodyHandlers.ofString());
            assertEquals(400, refused.statusCode());
            assertTrue(refused.body().contains("letters of the prompt 100001: must be"), refused.body());
        }
    }

    private static BufferedImage picture(CompletableFuture<HttpResponse<byte[]>> answer) throws Exception {
        return ImageIO.read(new ByteArrayInputStream(answer.get().body()));
    }

    private static int difference(BufferedImage one, BufferedImage other) {
        int worst = 0;
        for (int i = 0; i < 3 * one.getWidth() * one.getHeight(); i++) {
            int x = i / 3 % one.getWidth();
            int y = i / 3 / one.getWidth();
            worst = Math.max(worst, Math.abs(one.getRaster().getSample(x, y, i % 3)
                    - other.getRaster().getSample(x, y, i % 3)));
        }
        return worst;
    }

    private static HttpRequest get(PromptService service, String query) {
        return HttpRequest.newBuilder(service.uri().resolve("/draw?" + query)).build();
    }
}

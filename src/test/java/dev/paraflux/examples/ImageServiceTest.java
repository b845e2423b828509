package dev.paraflux.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example, as its clients see it. It draws one sample at a time, so that a second client waits and a third is refused. */
@Timeout(120)
class ImageServiceTest {
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static ImageService service;

    @BeforeAll
    static void open() throws IOException {
        service = new ImageService(0, 1, 1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static HttpRequest get(String query) {
        return HttpRequest.newBuilder(service.uri().resolve(query)).build();
    }

    private static HttpResponse<byte[]> ask(String query) throws Exception {
        return CLIENT.send(get(query), BodyHandlers.ofByteArray());
    }

    private static void assertRefused(int code, String message, HttpResponse<byte[]> response) {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        assertEquals(code, response.statusCode(), text);
        assertTrue(text.contains(message), text);
    }

    @Test
    void drawsThePictureThatIsAskedFor() throws Exception {
        HttpResponse<byte[]> three = ask("/sample?seed=43&label=3&steps=10");
        assertEquals(200, three.statusCode());
        assertEquals("COMPLETED", three.headers().firstValue("X-Status").orElseThrow());
        assertEquals(112, ImageIO.read(new ByteArrayInputStream(three.body())).getWidth());
        assertArrayEquals(three.body(), ask("/sample?steps=10&label=3&guidance=2").body());
        for (String method : List.of("picard", "parataa", "sparse", "srds", "chords")) {
            assertEquals(200, ask("/sample?label=3&steps=10&method=" + method).statusCode(), method);
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertRefused(400, "steps 0: must be 1 to 1000", ask("/sample?steps=0"));
        assertRefused(400, "label 12: must be 0 to 9", ask("/sample?label=12"));
        assertRefused(400, "label \"x\": must be a whole number", ask("/sample?label=x"));
        assertRefused(400, "weight NaN: must be finite", ask("/sample?guidance=NaN"));
        assertRefused(400, "timeout PT0S: must be above 0", ask("/sample?timeout_ms=0"));
        assertRefused(400, "method \"z\": must be one of", ask("/watch?method=z"));
        assertRefused(400, "parameter \"lable\": must be", ask("/sample?lable=3"));
        assertRefused(503, "the time limit passed", ask("/sample?steps=1000&timeout_ms=1"));
    }

    @Test
    void refusesWhatIsTooMuch() {
        List<CompletableFuture<HttpResponse<byte[]>>> answers = IntStream.range(0, 8)
                .mapToObj(i -> CLIENT.sendAsync(get("/sample?steps=200"), BodyHandlers.ofByteArray())).toList();
        Set<Integer> codes = answers.stream().map(answer -> answer.join().statusCode()).collect(Collectors.toSet());
        assertEquals(Set.of(200, 429), codes);
    }

    @Test
    void endsWhatAClientThatWentAwayWatched() throws Exception {
        long begin = System.nanoTime();
        byte[] all = ask("/watch?label=3&steps=200").body();
        long whole = System.nanoTime() - begin;
        assertEquals(200, new String(all, StandardCharsets.ISO_8859_1).split("--picture").length - 1);
        // Five times as much; the next sample would wait for all of it.
        HttpResponse<InputStream> left = CLIENT.send(get("/watch?label=3&steps=1000"), BodyHandlers.ofInputStream());
        begin = System.nanoTime();
        left.body().read();
        left.body().close();
        assertEquals(200, ask("/sample?label=3&steps=10").statusCode());
        long waited = System.nanoTime() - begin;
        assertTrue(waited < 3 * whole, "the next one took " + waited + " ns, where 200 steps take " + whole);
    }
}

package dev.paraflux.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.paraflux.RunOptions;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.pipeline.DrawnPicture;
import dev.paraflux.pipeline.PictureRequest;
import dev.paraflux.pipeline.PictureSize;
import dev.paraflux.pipeline.TextToImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.imageio.ImageIO;

/**
 * Pictures of prompts over HTTP: one painter for all clients, whose requests share the model's calls. {@code GET
 * /draw?a%20red%20square} answers a PNG; else a sentence: 400 what cannot be used, 429 full, try again later, 503 what else
 * ended it.
 */
public final class PromptService implements AutoCloseable {
    private static final int AT_ONCE = 4;
    private static final int WAITING = 32;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final TextToImage painter;
    private final HttpServer server;
    private final ExecutorService handlers = Executors.newCachedThreadPool();

    /**
     * Serves on this machine alone.
     *
     * @param folder of a pipeline
     * @param steps  of each picture
     * @param port   0 for any that is free
     */
    public PromptService(Path folder, int steps, int port) throws IOException {
        painter = TextToImage.builder(folder).steps(steps).maxSamples(AT_ONCE).maxWaiting(WAITING).build();
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAITING);
        } catch (IOException | RuntimeException e) {
            painter.close();
            throw e;
        }
        server.setExecutor(handlers);
        server.createContext("/draw", exchange -> {
            try (exchange) {
                draw(exchange);
            }
        });
        server.start();
    }

    /** Where it serves. */
    public URI uri() {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort());
    }

    private void draw(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        try {
            String prompt = query == null ? "" : URLDecoder.decode(query, StandardCharsets.UTF_8);
            DrawnPicture drawn = painter
                    .draw(List.of(PictureRequest.of(prompt)), RunOptions.defaults().withTimeout(LIMIT))
                    .get(0);
            answer(exchange, 200, "image/png", png(drawn.pixels()));
        } catch (IllegalArgumentException e) {
            answer(exchange, 400, "text/plain; charset=utf-8", e.getMessage().getBytes(StandardCharsets.UTF_8));
        } catch (RejectedExecutionException e) {
            answer(exchange, 429, "text/plain; charset=utf-8", e.getMessage().getBytes(StandardCharsets.UTF_8));
        } catch (IllegalStateException | UncheckedIOException e) {
            answer(exchange, 503, "text/plain; charset=utf-8", e.getMessage().getBytes(StandardCharsets.UTF_8));
        }
    }

    private byte[] png(float[] pixels) throws IOException {
        PictureSize size = painter.pipeline().size();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new ImageGrid(3, size.height(), size.width(), 1, 1).draw(pixels), "png", bytes);
        return bytes.toByteArray();
    }

    private static void answer(HttpExchange exchange, int code, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        server.stop(0);
        handlers.shutdown();
        painter.close();
    }

    /** @param arguments a pipeline's folder, and the port; 8080 if there is none */
    public static void main(String[] arguments) {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("give the folder of a pipeline, and perhaps a port: see docs/pipelines.md");
            System.exit(2);
        }
        String port = arguments.length == 1 ? "8080" : arguments[1];
        try {
            PromptService service = new PromptService(Path.of(arguments[0]), 30, Integer.parseInt(port));
            System.out.println(service.uri() + "/draw?a%20red%20square");
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            System.err.println("not serving at port " + port + ": " + e.getMessage());
            System.exit(1);
        }
    }
}

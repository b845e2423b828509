package dev.paraflux.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import javax.imageio.ImageIO;

/**
 * Digits over HTTP: one sampler for all clients, whose requests share the model's calls.
 *
 * <pre>
 * GET /sample?seed=43&amp;label=3&amp;steps=25&amp;method=sequential&amp;guidance=2&amp;timeout_ms=2000     a PNG
 * GET /watch?...                                        as many PNGs as there are rounds, for an img element
 * </pre>
 *
 * <p>Every parameter may be left out. The answer is 200 with the picture, and how it ended in {@code X-Status}; else a
 * sentence: 400 what cannot be used, 429 full, try again later, 499 cancelled, 503 the time limit passed or the service
 * closes, 500 the model failed.
 *
 * <p>A client that goes away is seen when something is written to it: a watched sample ends with its next round. One that
 * waits for a whole picture is drawn to the end, or to its time limit, since this server tells of no closed connection.
 */
public final class ImageService implements AutoCloseable {
    private static final int STEPS = 25;
    private static final int SCALE = 4;
    private static final int CONNECTIONS_WAITING = 256;
    private static final String BOUNDARY = "picture";

    private final PretrainedDenoiser model;
    private final Denoiser guided;
    private final Sampler sampler;
    private final HttpServer server;
    private final ExecutorService handlers = Executors.newCachedThreadPool();

    /**
     * Serves on this machine alone.
     *
     * @param port       0 for any that is free
     * @param maxSamples drawn at once
     * @param maxWaiting that wait until others are done; beyond, clients are told to come again
     */
    public ImageService(int port, int maxSamples, int maxWaiting) throws IOException {
        // Else the second half of a small answer waits for the client's acknowledgement of the first: 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        model = DemoModel.load();
        guided = Guidance.of(model).owning();
        sampler = Sampler.builder(guided, model.card().scheduler().grid(STEPS)).maxSamples(maxSamples)
                .maxWaiting(maxWaiting).build();
        try {
            sampler.warmUp(Request.seed(0).withLabel(0));
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    CONNECTIONS_WAITING);
        } catch (IOException | RuntimeException e) {
            sampler.close();
            guided.close();
            throw e;
        }
        server.setExecutor(handlers);
        server.createContext("/sample", answering(this::sample));
        server.createContext("/watch", answering(this::watch));
        server.start();
    }

    /** Where it serves, {@code http://127.0.0.1:8080} for example. */
    public URI uri() {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort());
    }

    private void sample(HttpExchange exchange) throws IOException {
        Query query = new Query(exchange.getRequestURI());
        Sample sample = sampler.sample(List.of(query.request()), query.options()).get(0);
        exchange.getResponseHeaders().set("X-Status", sample.status().name());
        switch (sample.status()) {
            case COMPLETED, CONVERGED, ROUND_LIMIT, ACCEPTED ->
                answer(exchange, 200, "image/png", png(sample.values()));
            case CANCELLED -> refuse(exchange, 499, sample.message());
            case DEADLINE_PASSED -> refuse(exchange, 503, sample.message());
            case NON_FINITE -> refuse(exchange, 500, sample.message());
        }
    }

    /** Called on this very thread, the listener holds up no other client; what it throws ends this one's sample. */
    private void watch(HttpExchange exchange) throws IOException {
        Query query = new Query(exchange.getRequestURI());
        float[] values = new float[model.dim()];
        RunOptions options = query.options().withListener(progress -> {
            progress.preview(0, values);
            try {
                writePart(exchange, png(values));
            } catch (IOException e) {
                throw new UncheckedIOException("the client is gone", e);
            }
        });
        Sample sample = sampler.sample(List.of(query.request()), options).get(0);
        if (exchange.getResponseCode() < 0) {
            refuse(exchange, 503, sample.message());
        }
    }

    private static void writePart(HttpExchange exchange, byte[] picture) throws IOException {
        OutputStream out = exchange.getResponseBody();
        if (exchange.getResponseCode() < 0) {
            exchange.getResponseHeaders().set("Content-Type", "multipart/x-mixed-replace; boundary=" + BOUNDARY);
            exchange.sendResponseHeaders(200, 0);
            out = exchange.getResponseBody();
        }
        out.write(("--" + BOUNDARY + "\r\nContent-Type: image/png\r\nContent-Length: " + picture.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(picture);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private byte[] png(float[] values) throws IOException {
        int[] shape = model.shape();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new ImageGrid(shape[0], shape[1], shape[2], 1, SCALE).draw(values), "png", bytes);
        return bytes.toByteArray();
    }

    /** What the sampler throws, as an answer. */
    private static HttpHandler answering(HttpHandler handler) {
        return exchange -> {
            try (exchange) {
                try {
                    handler.handle(exchange);
                } catch (IllegalArgumentException e) {
                    refuse(exchange, 400, e.getMessage());
                } catch (RejectedExecutionException e) {
                    refuse(exchange, 429, e.getMessage());
                } catch (ModelException e) {
                    refuse(exchange, 500, e.getMessage());
                } catch (IllegalStateException e) {
                    refuse(exchange, 503, e.getMessage());
                }
            }
        };
    }

    private static void refuse(HttpExchange exchange, int code, String message) throws IOException {
        answer(exchange, code, "text/plain; charset=utf-8", (message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int code, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }

    /** The parameters of a request. */
    private final class Query {
        private static final String WHOLE = "a whole number, not a huge one";

        private final Map<String, String> given = new HashMap<>();
        private final Request request;
        private final RunOptions options;

        Query(URI uri) {
            for (String pair : uri.getRawQuery() == null ? new String[0] : uri.getRawQuery().split("&")) {
                String[] parts = pair.split("=", 2);
                given.put(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
            }
            Request made = Request.seed(number("seed", WHOLE, Long::valueOf, 43L)).withMethod(method())
                    .withGrid(model.card().scheduler().grid(number("steps", WHOLE, Integer::valueOf, STEPS)))
                    .withGuidance(GuidanceOptions.weight(number("guidance", "a number", Double::valueOf, 2.0)));
            Integer label = number("label", WHOLE, Integer::valueOf, null);
            request = label == null ? made : made.withLabel(label);
            Long millis = number("timeout_ms", WHOLE, Long::valueOf, null);
            options = millis == null ? RunOptions.defaults()
                    : RunOptions.defaults().withTimeout(Duration.ofMillis(millis));
            for (String left : given.keySet()) {
                throw new IllegalValueException("parameter", left,
                        "seed, label, steps, method, guidance or timeout_ms");
            }
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }

        private <T> T number(String name, String legal, Function<String, T> parser, T otherwise) {
            String text = given.remove(name);
            try {
                return text == null ? otherwise : parser.apply(text);
            } catch (NumberFormatException e) {
                throw new IllegalValueException(name, text, legal, e);
            }
        }

        private Method method() {
            String name = given.containsKey("method") ? given.remove("method") : "sequential";
            return switch (name) {
                case "sequential" -> new Sequential();
                case "picard" -> Picard.defaults();
                case "parataa" -> ParaTaa.defaults();
                case "sparse" -> SparseParaTaa.defaults();
                case "srds" -> Srds.defaults();
                case "chords" -> Chords.defaults();
                default -> throw new IllegalValueException("method", name,
                        "one of sequential, picard, parataa, sparse, srds, chords");
            };
        }

        Request request() {
            return request;
        }

        RunOptions options() {
            return options;
        }
    }

    /** Takes no more requests, lets what is under way finish for a while, and frees everything. */
    @Override
    public void close() {
        sampler.close(Duration.ofSeconds(5));
        server.stop(0);
        handlers.shutdown();
        guided.close();
    }

    /** @param arguments the port; 8080 if there is none */
    public static void main(String[] arguments) {
        String port = arguments.length == 0 ? "8080" : arguments[0];
        try {
            ImageService service = new ImageService(Integer.parseInt(port), 64, 64);
            Runtime.getRuntime().addShutdownHook(new Thread(service::close));
            System.out.println("try " + service.uri() + "/sample?label=3 or " + service.uri()
                    + "/watch?label=3&method=srds");
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            System.err.println("not serving at port " + port + ": " + e.getMessage());
            System.exit(1);
        }
    }
}

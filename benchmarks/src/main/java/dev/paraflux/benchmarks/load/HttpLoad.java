package dev.paraflux.benchmarks.load;

import dev.paraflux.examples.ImageService;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;

/**
 * The image service of {@code examples} with the demo model, and clients in the same virtual machine: requests a second and
 * how long one takes, beside one client alone and beside a turnstile, which is the same service drawing one sample at a
 * time. Each picture is compared with the same drawn alone. Last, mixed requests with time limits, some of whose clients
 * go away: what they were answered.
 *
 * <pre>benchmarks/run load HttpLoad [SECONDS a line]</pre>
 */
public final class HttpLoad {
    private static final int PICTURES = 20;
    private static final String[] METHODS = {"sequential", "sequential", "picard", "parataa", "srds", "chords"};

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<BufferedImage> expected = new ArrayList<>();
    private final AtomicInteger same = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();
    private final AtomicInteger largest = new AtomicInteger();

    private HttpLoad() {}

    /** @param arguments seconds for each line */
    public static void main(String[] arguments) throws Exception {
        double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 10;
        HttpLoad load = new HttpLoad();
        try (ImageService service = new ImageService(0, 64, 64); ImageService turnstile = new ImageService(0, 1, 64)) {
            for (int i = 0; i < PICTURES; i++) {
                load.expected.add(picture(load.get(service, picture(i), 0)));
            }
            load.ask(service, 64, 3);
            System.out.println("| through | clients | requests/s | p50, ms | p99, ms | x alone | p99 x alone |");
            System.out.println("|---|---|---|---|---|---|---|");
            Clients.Outcome alone = load.ask(service, 1, seconds);
            print("alone", 1, alone, alone);
            print("turnstile", 8, load.ask(turnstile, 8, seconds), alone);
            print("service", 8, load.ask(service, 8, seconds), alone);
            print("service", 64, load.ask(service, 64, seconds), alone);
            print("alone, again", 1, load.ask(service, 1, seconds), alone);
            System.out.println(load.same + " pictures the same as alone, " + load.others + " not, by "
                    + load.largest + " of 255 at most");
            load.mixed(service, seconds);
        }
    }

    private static String picture(int number) {
        return "/sample?seed=" + number + "&label=" + number % 10;
    }

    private HttpResponse<byte[]> get(ImageService service, String query, int code) throws Exception {
        HttpResponse<byte[]> answer = client.send(HttpRequest.newBuilder(service.uri().resolve(query)).build(),
                BodyHandlers.ofByteArray());
        if (code != 0 && answer.statusCode() != code) {
            throw new IllegalStateException(query + " was answered " + answer.statusCode());
        }
        return answer;
    }

    private static BufferedImage picture(HttpResponse<byte[]> answer) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(answer.body()));
    }

    private Clients.Outcome ask(ImageService service, int clients, double seconds) {
        return Clients.askFor(seconds, clients, (number, times) -> {
            int which = (7 * number + times) % PICTURES;
            compare(expected.get(which), picture(get(service, picture(which), 200)));
        });
    }

    private void compare(BufferedImage alone, BufferedImage picture) {
        int difference = 0;
        for (int y = 0; y < alone.getHeight(); y++) {
            for (int x = 0; x < alone.getWidth(); x++) {
                difference = Math.max(difference,
                        Math.abs(alone.getRaster().getSample(x, y, 0) - picture.getRaster().getSample(x, y, 0)));
            }
        }
        (difference == 0 ? same : others).incrementAndGet();
        largest.accumulateAndGet(difference, Math::max);
    }

    private void mixed(ImageService service, double seconds) {
        Map<String, AtomicInteger> answers = new ConcurrentSkipListMap<>();
        Map<Integer, Boolean> open = new ConcurrentHashMap<>();
        Clients.Outcome outcome = Clients.askFor(seconds, 16, (number, times) -> {
            int k = 997 * number + times;
            open.put(k, true);
            String query = "?seed=" + k + "&label=" + k % 10 + "&steps=" + (10 + k % 4 * 10) + "&method="
                    + METHODS[k % METHODS.length] + (k % 5 == 0 ? "&timeout_ms=" + (1 + k % 2000) : "");
            String end;
            if (k % 10 == 3) {
                client.send(HttpRequest.newBuilder(service.uri().resolve("/watch" + query)).build(),
                        BodyHandlers.ofInputStream()).body().close();
                end = "gone";
            } else {
                HttpResponse<byte[]> answer = get(service, "/sample" + query, 0);
                end = answer.statusCode() + answer.headers().firstValue("X-Status").map(s -> " " + s).orElse("");
            }
            answers.computeIfAbsent(end, e -> new AtomicInteger()).incrementAndGet();
            open.remove(k);
        });
        System.out.printf(Locale.ROOT, "mixed, 16 clients: %d requests, %.1f a second, %s, %d without an answer%n",
                outcome.requests(), outcome.perSecond(), answers, open.size());
    }

    private static void print(String through, int clients, Clients.Outcome outcome, Clients.Outcome alone) {
        System.out.printf(Locale.ROOT, "| %s | %d | %.1f | %.1f | %.1f | %.2f | %.2f |%n", through, clients,
                outcome.perSecond(), outcome.times().millis(0.5), outcome.times().millis(0.99),
                outcome.perSecond() / alone.perSecond(), outcome.times().millis(0.99) / alone.times().millis(0.99));
    }
}

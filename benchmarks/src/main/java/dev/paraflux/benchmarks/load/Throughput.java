package dev.paraflux.benchmarks.load;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests a second, and how long one takes, of clients that share a sampler: beside one client alone, and beside a
 * turnstile, which lets one call at a time through in order of arrival. The model takes 5 ms a call whatever the batch.
 *
 * <pre>benchmarks/run load Throughput [sleep|spin] [SECONDS a line] [steps ...]</pre>
 *
 * <p>Each number of steps is measured sequentially and, last, once with mixed methods and steps.
 */
public final class Throughput {
    private static final int DIM = 784;
    private static final long CALL_NANOS = 5_000_000;
    private static final int MOST_STEPS_OF_MIX = 25;

    private Throughput() {}

    /** Asks the sampler for the client's next sample. */
    private interface Draw {
        Sample draw(Request request);
    }

    /** @param arguments how the model waits, seconds for each line, steps */
    public static void main(String[] arguments) {
        boolean spins = arguments.length > 0 && arguments[0].equals("spin");
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 10;
        System.out.println("a model of 5 ms a call that " + (spins ? "spins" : "sleeps") + "; "
                + Runtime.getRuntime().availableProcessors() + " cores");
        System.out.println("| requests | through | clients | requests/s | p50, ms | p99, ms | x alone | limit "
                + "| share of limit | p99 x alone |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (int i = 2; i < arguments.length; i++) {
            int steps = Integer.parseInt(arguments[i]);
            measure("sequential, " + steps + " steps", steps, spins, seconds);
        }
        measure("mixed", 0, spins, seconds);
    }

    /** @param steps 0 for mixed steps and methods */
    private static void measure(String name, int steps, boolean spins, double seconds) {
        try (Sampler sampler = Sampler
                .builder(new SteadyModel(DIM, CALL_NANOS, spins), Methods.grid(steps == 0 ? 10 : steps))
                // A round of many windows is one call, since a call's time is the same for any number of rows.
                .maxBatch(8192).build()) {
            Lock turn = new ReentrantLock(true);
            Draw turnstile = request -> {
                turn.lock();
                try {
                    return sampler.sample(request);
                } finally {
                    turn.unlock();
                }
            };
            // Compiles, and takes the memory.
            ask(steps, 64, 2, sampler::sample);
            Clients.Outcome alone = ask(steps, 1, seconds, sampler::sample);
            print(name, "alone", 1, steps, alone, alone);
            print(name, "turnstile", 8, steps, ask(steps, 8, seconds, turnstile), alone);
            print(name, "sampler", 8, steps, ask(steps, 8, seconds, sampler::sample), alone);
            print(name, "sampler", 64, steps, ask(steps, 64, seconds, sampler::sample), alone);
            print(name, "alone, again", 1, steps, ask(steps, 1, seconds, sampler::sample), alone);
        }
    }

    private static Clients.Outcome ask(int steps, int clients, double seconds, Draw draw) {
        return Clients.askFor(seconds, clients, (client, number) -> {
            Request request = Request.seed(1000L * client + number).withLabel(number % 10);
            if (steps == 0) {
                int chosen = 7 * client + 3 * number;
                request = request.withGrid(Methods.grid(5 + 5 * Math.floorMod(chosen, MOST_STEPS_OF_MIX / 5)))
                        .withMethod(Methods.mixed(number + client));
            }
            Sample sample = draw.draw(request);
            if (!sample.status().isSolved()) {
                throw new IllegalStateException(sample.message());
            }
        });
    }

    /** A sample that comes in the middle of a call waits for the next one: of N steps, N + 1 calls. */
    private static void print(String name, String through, int clients, int steps, Clients.Outcome outcome,
            Clients.Outcome alone) {
        double times = outcome.perSecond() / alone.perSecond();
        double limit = through.equals("sampler") && steps > 0 ? clients * steps / (steps + 1.0) : Double.NaN;
        System.out.printf(Locale.ROOT, "| %s | %s | %d | %.1f | %.1f | %.1f | %.2f | %s | %.2f |%n", name, through,
                clients,
                outcome.perSecond(), outcome.times().millis(0.5), outcome.times().millis(0.99), times,
                Double.isNaN(limit) ? " | " : String.format(Locale.ROOT, "%.1f | %.2f", limit, times / limit),
                outcome.times().millis(0.99) / alone.times().millis(0.99));
    }
}

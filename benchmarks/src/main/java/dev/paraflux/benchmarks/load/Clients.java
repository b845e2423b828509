package dev.paraflux.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads that ask again as soon as they have their answer. */
final class Clients {
    /** Whoever waits for so long will wait for ever. */
    private static final int PATIENCE_SECONDS = 120;

    private Clients() {}

    /** One request. */
    interface Asker {
        /**
         * Asks, and waits for the answer.
         *
         * @param client 0 to the number of clients - 1
         * @param number of this client's requests before this one
         */
        void ask(int client, int number) throws Exception;
    }

    /**
     * How it went.
     *
     * @param requests that were answered
     * @param seconds  from the first to the last answer's end
     * @param times    of the requests
     */
    record Outcome(int requests, double seconds, Times times) {
        double perSecond() {
            return requests / seconds;
        }
    }

    /**
     * Asks for a while: each client until the time is over.
     *
     * @throws IllegalStateException if a client fails, or gets no answer
     */
    static Outcome askFor(double seconds, int clients, Asker asker) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        return run(seconds, clients, asker, number -> System.nanoTime() < end);
    }

    /** Asks so many times, each client the same number of times. */
    static Outcome askTimes(int each, int clients, Asker asker) {
        return run(0, clients, asker, number -> number < each);
    }

    private interface More {
        boolean more(int number);
    }

    private static Outcome run(double seconds, int clients, Asker asker, More more) {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        long begin = System.nanoTime();
        List<Future<List<Long>>> answers = new ArrayList<>();
        for (int c = 0; c < clients; c++) {
            int client = c;
            answers.add(threads.submit(() -> {
                List<Long> times = new ArrayList<>();
                for (int number = 0; more.more(number); number++) {
                    long asked = System.nanoTime();
                    asker.ask(client, number);
                    times.add(System.nanoTime() - asked);
                }
                return times;
            }));
        }
        List<Long> all = new ArrayList<>();
        try {
            for (Future<List<Long>> answer : answers) {
                all.addAll(answer.get((long) seconds + PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a client failed, or got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
        double taken = (System.nanoTime() - begin) * 1e-9;
        return new Outcome(all.size(), taken, new Times(all.stream().mapToLong(Long::longValue).toArray()));
    }
}

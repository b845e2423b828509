package dev.paraflux.benchmarks.load;

import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Ten thousand requests of 1, 8 and 64 clients with mixed steps, methods, time limits and cancellations, in every way that
 * a sampler can be called, through one sampler with a model of 5 ms a call. Checks that every request is answered, that
 * none is late without saying so, that none ends for a reason that it did not have, and that every sample has the bits that
 * it has when it is drawn alone.
 *
 * <pre>benchmarks/run load LoadTest [sleep|spin]</pre>
 */
public final class LoadTest {
    private static final int DIM = 784;
    private static final long CALL_NANOS = 5_000_000;
    private static final int[] CLIENTS = {1, 8, 64};
    private static final int[] REQUESTS_EACH = {400, 300, 113};
    /** Fewer than there are clients at most, so that some wait and some are refused. */
    private static final int MAX_SAMPLES = 48;
    private static final int MAX_WAITING = 12;

    private final List<String> faults = new ArrayList<>();
    private final CallLog model;

    private LoadTest(CallLog model) {
        this.model = model;
    }

    /** @param arguments how the model waits */
    public static void main(String[] arguments) {
        boolean spins = arguments.length > 0 && arguments[0].equals("spin");
        LoadTest test = new LoadTest(new CallLog(new SteadyModel(DIM, CALL_NANOS, spins)));
        System.out.println("a model of 5 ms a call that " + (spins ? "spins" : "sleeps"));
        System.out
                .println("| clients | requests | seconds | a second | p50, ms | p99, ms |\n|---|---|---|---|---|---|");
        try (Sampler sampler = Sampler.builder(test.model, Methods.grid(10)).maxBatch(8192).maxSamples(MAX_SAMPLES)
                .maxWaiting(MAX_WAITING).build();
                Askers askers = new Askers(sampler, DIM)) {
            int first = 0;
            for (int i = 0; i < CLIENTS.length; i++) {
                test.load(askers, CLIENTS[i], REQUESTS_EACH[i], first);
                first += CLIENTS[i] * REQUESTS_EACH[i];
            }
            System.out.println(first + " requests");
        }
        if (!test.faults.isEmpty()) {
            test.faults.stream().limit(20).forEach(System.out::println);
            throw new IllegalStateException(test.faults.size() + " faults");
        }
        System.out.println("none lost, none late without saying so, none ended without reason, no wrong bits");
    }

    private void load(Askers askers, int clients, int each, int first) {
        Answer[] answers = new Answer[clients * each];
        Clients.Outcome outcome = Clients.askTimes(each, clients, (client, number) -> {
            int place = client * each + number;
            answers[place] = askers.ask(Asked.number(first + place));
        });
        System.out.printf(Locale.ROOT, "| %d | %d | %.1f | %.1f | %.1f | %.1f |%n",
                clients, outcome.requests(), outcome.seconds(), outcome.perSecond(), outcome.times().millis(0.5),
                outcome.times().millis(0.99));
        long missing = Arrays.stream(answers).filter(answer -> answer == null).count();
        require(missing == 0, missing + " requests without an answer");
        count(answers);
        Arrays.stream(answers).forEach(this::checkReason);
        checkBits(answers);
    }

    private void require(boolean good, String fault) {
        if (!good) {
            faults.add(fault);
        }
    }

    private static void count(Answer[] answers) {
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        int refusals = 0;
        List<Long> stopped = new ArrayList<>();
        List<Long> solved = new ArrayList<>();
        for (Answer answer : answers) {
            counts.merge(answer.status(), 1, Integer::sum);
            refusals += answer.refusals();
            if (answer.lateNanos() >= 0) {
                (answer.status().isSolved() ? solved : stopped).add(answer.lateNanos());
            }
        }
        System.out.println("    " + counts + ", refused before and asked again " + refusals + " times");
        print("stopped", stopped);
        print("solved by the call under way at their limit", solved);
    }

    private static void print(String what, List<Long> late) {
        if (!late.isEmpty()) {
            Times times = new Times(late.stream().mapToLong(Long::longValue).toArray());
            System.out.printf(Locale.ROOT, "    %d %s: told p50 %.1f ms, p99 %.1f ms, at most %.1f ms after it%n",
                    times.count(), what, times.millis(0.5), times.millis(0.99), times.millis(1));
        }
    }

    private void checkReason(Answer answer) {
        Asked asked = answer.asked();
        String what = asked + ": " + answer.status() + ", told " + answer.lateNanos() * 1e-6 + " ms after its limit";
        switch (answer.status()) {
            case CANCELLED -> require(asked.cancelNanos() >= 0 && answer.lateNanos() >= 0, "not cancelled: " + what);
            case DEADLINE_PASSED -> require(asked.timeout() != null && answer.lateNanos() >= 0, "in time: " + what);
            case COMPLETED, CONVERGED -> {
            }
            default -> require(false, what);
        }
        if (answer.stopped() < answer.over()) {
            // One call may begin just as the limit comes; before a second one the sampler must have seen it.
            int calls = model.calls(answer.stopped(), answer.over());
            require(calls <= 1, "late by " + calls + " calls of the model: " + what);
        }
    }

    /** Draws them all again, one by one, with a model that does not wait. */
    private void checkBits(Answer[] answers) {
        try (Sampler alone = Sampler.builder(new SteadyModel(DIM, 0, false), Methods.grid(10)).maxBatch(8192).build()) {
            int compared = 0;
            for (Answer answer : answers) {
                if (answer != null && answer.status().isSolved()) {
                    Sample sample = alone.sample(answer.asked().request());
                    compared++;
                    require(sample.status() == answer.status() && Arrays.equals(sample.values(), answer.values()),
                            "wrong bits: " + answer.asked());
                }
            }
            System.out.println("    " + compared + " samples compared with the same drawn alone");
        }
    }
}

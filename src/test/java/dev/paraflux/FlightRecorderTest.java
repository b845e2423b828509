package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.method.window.ParaTaa;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Java Flight Recorder is told. */
class FlightRecorderTest {
    @TempDir
    Path folder;

    private interface Work {
        void run();
    }

    private List<RecordedEvent> recorded(Work work) throws IOException {
        Path file = folder.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
        events.removeIf(event -> !event.getEventType().getName().startsWith("dev.paraflux."));
        return events;
    }

    private static List<RecordedEvent> of(String name, List<RecordedEvent> events) {
        return events.stream().filter(event -> event.getEventType().getName().equals("dev.paraflux." + name)).toList();
    }

    private static int sum(String field, List<RecordedEvent> events) {
        return events.stream().mapToInt(event -> event.getInt(field)).sum();
    }

    @Test
    void samplesRoundsAndModelCallsAreRecordedAsTheStatisticsHaveThem() throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(8), TestGrids.linear(20)).maxBatch(16)
                .method(ParaTaa.defaults()).build()) {
            // The classes of the events are loaded before anybody records.
            sampler.sample(Request.seed(9));
            Load before = sampler.load();
            List<RecordedEvent> events = recorded(
                    () -> samples.addAll(sampler.sample(List.of(Request.seed(1), Request.seed(2)))));
            Load after = sampler.load();
            List<RecordedEvent> rounds = of("Round", events);
            List<RecordedEvent> calls = of("ModelCall", events);
            assertEquals(after.rounds() - before.rounds(), rounds.size());
            assertEquals(after.modelCalls() - before.modelCalls(), calls.size());
            assertTrue(calls.size() > rounds.size(), "batches of 16 rows");
            int evaluations = samples.stream().mapToInt(sample -> sample.stats().evaluations()).sum();
            assertEquals(evaluations, sum("evaluations", rounds));
            assertEquals(evaluations, sum("evaluations", calls));
            assertEquals(samples.stream().mapToInt(sample -> sample.stats().rounds()).sum(), sum("samples", rounds));
            assertTrue(calls.stream().noneMatch(call -> call.getBoolean("failed")));
            List<RecordedEvent> ended = of("Sample", events);
            assertEquals(2, ended.size());
            IntStream.range(0, 2).forEach(s -> assertAgree(samples, ended.get(s)));
        }
    }

    /** With one of the samples: they end in any order. */
    private static void assertAgree(List<Sample> samples, RecordedEvent event) {
        Stats stats = samples.stream().map(Sample::stats).filter(one -> one.rounds() == event.getInt("rounds"))
                .findFirst().orElseThrow();
        assertEquals(Status.CONVERGED.name(), event.getString("status"));
        assertEquals("ParaTaa", event.getString("method"));
        assertTrue(event.getInt("evaluations") > 0 && event.getInt("modelRows") > 0);
        assertEquals(stats.modelSeconds(), event.getLong("inModel") * 1e-9, 1e-3);
        assertEquals(stats.seconds(), event.getDuration().toNanos() * 1e-9, 0.05);
    }

    @Test
    void aCallThatFailsAndOneThatNeverBeganAreRecorded() throws IOException {
        List<RecordedEvent> events = recorded(() -> {
            TestDenoisers.Recording model = TestDenoisers.bent(8);
            model.beforeCall(batch -> {
                if (model.calls() == 3) {
                    throw new IllegalStateException("the third call");
                }
            });
            try (Sampler sampler = Sampler.builder(model, TestGrids.linear(6)).build()) {
                assertThrows(IllegalStateException.class, () -> sampler.sample(Request.seed(1)));
            }
            try (Sampler sampler = Sampler.builder(TestDenoisers.bent(8), TestGrids.linear(6)).build()) {
                Cancellation cancelled = new Cancellation();
                cancelled.cancel();
                sampler.sample(List.of(Request.seed(1)), RunOptions.defaults().withCancellation(cancelled));
            }
        });
        List<RecordedEvent> calls = of("ModelCall", events);
        assertEquals(List.of(false, false, true), calls.stream().map(call -> call.getBoolean("failed")).toList());
        List<String> ends = of("Sample", events).stream().map(event -> event.getString("status")).toList();
        assertEquals(List.of("FAILED", Status.CANCELLED.name()), ends);
    }

    @Test
    void nothingIsMadeWhereNobodyRecords() {
        assertEquals(null, SampleEvent.begun());
    }
}

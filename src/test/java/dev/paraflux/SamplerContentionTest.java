package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients who call again and again: they wait for their samples, and hardly ever for a lock. */
@Timeout(120)
class SamplerContentionTest {
    private static final String MONITOR = "jdk.JavaMonitorEnter";
    private static final int CLIENTS = 32;
    private static final int CALLS = 400;

    @TempDir
    Path folder;

    /** All calls that a round ends are told at once, and each comes again with its next one: nearly all used to collide. */
    @Test
    void clientsHardlyEverWaitForALock() throws Exception {
        long contended;
        try (Sampler sampler = Sampler.builder(TestDenoisers.idle(64), TestGrids.linear(10)).build();
                Recording recording = new Recording()) {
            clients(sampler);
            recording.enable(MONITOR).withThreshold(Duration.ZERO).withoutStackTrace();
            recording.start();
            clients(sampler);
            recording.stop();
            contended = contended(recording);
        }
        assertTrue(contended < CLIENTS * CALLS / 16, "of " + CLIENTS * CALLS + " calls waited " + contended);
    }

    private static void clients(Sampler sampler) throws Exception {
        List<FutureTask<Void>> clients = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
            Request request = Request.seed(c);
            FutureTask<Void> client = new FutureTask<>(() -> {
                for (int call = 0; call < CALLS; call++) {
                    sampler.sample(request);
                }
                return null;
            });
            clients.add(client);
            new Thread(client).start();
        }
        for (FutureTask<Void> client : clients) {
            client.get();
        }
    }

    private long contended(Recording recording) throws IOException {
        Path file = folder.resolve("locks.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream().filter(SamplerContentionTest::isOurs).count();
    }

    private static boolean isOurs(RecordedEvent event) {
        if (!event.getEventType().getName().equals(MONITOR)) {
            return false;
        }
        RecordedClass monitor = event.getValue("monitorClass");
        return monitor != null && monitor.getName().startsWith("dev.paraflux.");
    }
}

package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.FreePort;
import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four workers, each a process, of which one is killed, stopped or slowed at a random moment of a run: every run ends with
 * the right bits, not much later than without, and nothing is left over.
 */
class RemoteProcessesTest {
    static final ModelCard CARD = ToyBackend.card(3, 5);

    /** {@code -Dparaflux.remote.runs=100} for the long test. */
    private static final int RUNS = Integer.getInteger("paraflux.remote.runs", 6);
    private static final int WORKERS = 4;
    private static final int CHUNK = 2;
    private static final int STEPS = 60;
    /** Times and labels of a chunk, for each that can be under way: what is kept outside the heap. */
    private static final int CHUNK_BYTES = 128;
    /** Of a run whose worker is gone, more than of one without trouble; on a busy machine. */
    private static final double MOST_DELAY_SECONDS = 4;

    @TempDir
    private Path folder;

    private enum Trouble {
        KILLED, STOPPED, SLOWED
    }

    @Test
    void runsEndRightWhateverBecomesOfAWorker() throws Exception {
        Random random = new Random(RUNS);
        List<WorkerProcess> workers = new ArrayList<>();
        try (PretrainedDenoiser here = new ToyBackend(0).load(folder, CARD)) {
            List<float[]> expected = new ArrayList<>();
            for (int seed = 0; seed < 3; seed++) {
                expected.add(sample(new ChunkedDenoiser(here, CHUNK), seed));
            }
            for (int k = 0; k < WORKERS; k++) {
                workers.add(new WorkerProcess(folder, "localhost", 0));
            }
            List<Integer> late = List.of(FreePort.find(), FreePort.find());
            List<String> addresses = new ArrayList<>();
            workers.forEach(worker -> addresses.add("localhost:" + worker.port()));
            late.forEach(port -> addresses.add("localhost:" + port));
            long before = NativeMemory.allocatedBytes();
            try (RemoteDenoiser remote = RemoteDenoiser.connect(CARD,
                    RemoteOptions.of(addresses).withChunkRows(CHUNK))) {
                assertArrayEquals(expected.get(0), sample(remote, 0));
                double quiet = Double.MAX_VALUE;
                for (int seed = 0; seed < 3; seed++) {
                    long begun = System.nanoTime();
                    assertArrayEquals(expected.get(seed), sample(remote, seed));
                    quiet = Math.min(quiet, (System.nanoTime() - begun) * 1e-9);
                }
                for (int run = 0; run < RUNS; run++) {
                    if (run == RUNS / 2) {
                        late.forEach(port -> workers.add(started(port)));
                    }
                    int seed = run % expected.size();
                    int victim = random.nextInt(workers.size());
                    Trouble trouble = Trouble.values()[run % Trouble.values().length];
                    long after = (long) (random.nextDouble() * quiet * 1e9);
                    Thread troubler = new Thread(() -> {
                        LockSupport.parkNanos(after);
                        befall(workers.get(victim), trouble);
                    });
                    long begun = System.nanoTime();
                    troubler.start();
                    float[] found = sample(remote, seed);
                    double seconds = (System.nanoTime() - begun) * 1e-9;
                    troubler.join();
                    assertArrayEquals(expected.get(seed), found, "run " + run + ", a worker " + trouble);
                    assertTrue(seconds < quiet + MOST_DELAY_SECONDS,
                            () -> seconds + " s, a worker " + trouble + ": without trouble it was less");
                    recover(workers, victim, trouble);
                }
                long most = before + (WORKERS + 2L) * 2 * CHUNK_BYTES;
                assertTrue(NativeMemory.allocatedBytes() <= most,
                        NativeMemory.allocatedBytes() + " bytes: at most " + most);
                awaitWorkers(remote, workers.size());
                assertArrayEquals(expected.get(0), sample(remote, 0));
            }
            assertEquals(before, NativeMemory.allocatedBytes());
        } finally {
            workers.forEach(WorkerProcess::close);
        }
        assertTrue(
                Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().startsWith("paraflux-server")));
    }

    private WorkerProcess started(int port) {
        try {
            return new WorkerProcess(folder, "localhost", port);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void befall(WorkerProcess worker, Trouble trouble) {
        switch (trouble) {
            case KILLED -> worker.kill();
            case STOPPED -> worker.stop();
            default -> worker.slowDown(100);
        }
    }

    private void recover(List<WorkerProcess> workers, int victim, Trouble trouble) {
        switch (trouble) {
            case KILLED -> workers.set(victim, started(workers.get(victim).port()));
            case STOPPED -> workers.get(victim).goOn();
            default -> workers.get(victim).slowDown(1);
        }
    }

    /** Those that are there again are found while others work. */
    private static void awaitWorkers(RemoteDenoiser remote, int count) {
        for (int k = 0; remote.workers() < count; k++) {
            assertTrue(k < 300, remote.workers() + " workers: " + remote.troubles());
            sample(remote, 0);
            LockSupport.parkNanos(100_000_000);
        }
    }

    private static float[] sample(Denoiser model, int seed) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).method(Picard.defaults()).build()) {
            Sample sample = sampler.sample(Request.seed(seed).withLabel(seed));
            assertTrue(sample.hasValues(), sample.toString());
            return sample.values();
        }
    }
}

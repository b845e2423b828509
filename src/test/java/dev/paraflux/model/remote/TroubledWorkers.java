package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/**
 * Workers, each a process on a machine of its own or what passes for one, of which one meets trouble at a random moment of a
 * run: every run ends with the right bits, not much later than without, and nothing is left over. Two join late.
 */
final class TroubledWorkers implements AutoCloseable {
    static final ModelCard CARD = ToyBackend.card(3, 5);
    private static final int LATE = 2;
    private static final int CHUNK = 2;
    private static final int STEPS = 60;
    private static final int SEEDS = 3;
    /** Times and labels of a chunk, for each that can be under way: what is kept outside the heap. */
    private static final int CHUNK_BYTES = 128;
    /**
     * Of a run whose worker is gone, more than of one without trouble: that somebody else was asked, and not that the
     * connection was found to be dead, which takes 15 s. What it is on a quiet machine is printed.
     */
    private static final double MOST_DELAY_SECONDS = 12;
    private static final double SLOW_MILLIS = 100;

    private final Path folder;
    private final List<Machine> machines;
    private final List<WorkerProcess> workers = new ArrayList<>();
    private double latest;

    /** Where a worker runs. */
    interface Machine {
        /** Starts one there, always at the same address. */
        WorkerProcess start(Path folder);

        String address();

        /** Cuts it off, or mends that. */
        default void setCut(boolean cut) {
            throw new UnsupportedOperationException();
        }
    }

    /** What can become of a worker. */
    enum Trouble {
        KILLED, STOPPED, SLOWED, CUT_OFF
    }

    /** Starts them, but for those that come late. */
    TroubledWorkers(Path folder, List<? extends Machine> machines) throws IOException {
        this.folder = folder;
        this.machines = List.copyOf(machines);
        for (Machine machine : machines.subList(0, machines.size() - LATE)) {
            workers.add(machine.start(folder));
        }
        for (WorkerProcess worker : workers) {
            worker.awaitServing();
        }
    }

    /** Of all, those that come late too. */
    List<String> addresses() {
        return machines.stream().map(Machine::address).toList();
    }

    /** Draws samples, and has a worker meet trouble in each. */
    void run(int runs, Trouble... troubles) throws Exception {
        Random random = new Random(runs);
        try (PretrainedDenoiser here = new ToyBackend(0).load(folder, CARD)) {
            List<float[]> expected = new ArrayList<>();
            for (int seed = 0; seed < SEEDS; seed++) {
                expected.add(sample(new ChunkedDenoiser(here, CHUNK), seed));
            }
            long before = NativeMemory.allocatedBytes();
            try (RemoteDenoiser remote = RemoteDenoiser.connect(CARD,
                    RemoteOptions.of(addresses()).withChunkRows(CHUNK))) {
                awaitWorkers(remote);
                double quiet = Double.MAX_VALUE;
                for (int run = 0; run <= SEEDS; run++) {
                    quiet = Math.min(quiet, seconds(remote, expected, run % SEEDS, "without trouble"));
                }
                for (int run = 0; run < runs; run++) {
                    if (run == runs / 2) {
                        machines.subList(workers.size(), machines.size())
                                .forEach(machine -> workers.add(machine.start(folder)));
                    }
                    int victim = random.nextInt(workers.size());
                    Trouble trouble = troubles[run % troubles.length];
                    trouble(remote, expected, run, victim, trouble, quiet, (long) (random.nextDouble() * quiet * 1e9));
                }
                long most = before + (long) machines.size() * 2 * CHUNK_BYTES;
                assertTrue(NativeMemory.allocatedBytes() <= most,
                        NativeMemory.allocatedBytes() + " bytes: at most " + most);
                awaitWorkers(remote);
                seconds(remote, expected, 0, "at the end");
            }
            assertEquals(before, NativeMemory.allocatedBytes());
        }
        System.out.printf("%d runs with trouble, %.2f s late at most%n", runs, latest);
        assertTrue(
                Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().startsWith("paraflux-server")));
    }

    private void trouble(RemoteDenoiser remote, List<float[]> expected, int run, int victim, Trouble trouble,
            double quiet, long afterNanos) throws Exception {
        FutureTask<Void> troubler = new FutureTask<>(() -> {
            LockSupport.parkNanos(afterNanos);
            befall(victim, trouble);
            return null;
        });
        new Thread(troubler).start();
        String when = "run " + run + ", worker " + victim + " " + trouble;
        double late = seconds(remote, expected, run % SEEDS, when) - quiet;
        troubler.get();
        // The next one begins without it.
        late = Math.max(late, seconds(remote, expected, (run + 1) % SEEDS, "after " + when) - quiet);
        latest = Math.max(latest, late);
        assertTrue(late < MOST_DELAY_SECONDS, late + " s later than without trouble: " + when);
        recover(victim, trouble);
        if (trouble == Trouble.CUT_OFF) {
            awaitRows(remote, victim);
        }
    }

    private static double seconds(Denoiser model, List<float[]> expected, int seed, String when) {
        long begun = System.nanoTime();
        assertArrayEquals(expected.get(seed), sample(model, seed), when);
        return (System.nanoTime() - begun) * 1e-9;
    }

    private void befall(int victim, Trouble trouble) {
        WorkerProcess worker = workers.get(victim);
        switch (trouble) {
            case KILLED -> worker.kill();
            case STOPPED -> worker.stop();
            case SLOWED -> worker.slowDown(SLOW_MILLIS);
            case CUT_OFF -> machines.get(victim).setCut(true);
        }
    }

    private void recover(int victim, Trouble trouble) {
        switch (trouble) {
            case KILLED -> workers.set(victim, machines.get(victim).start(folder));
            case STOPPED -> workers.get(victim).goOn();
            case SLOWED -> workers.get(victim).slowDown(WorkerProcess.MILLIS);
            case CUT_OFF -> machines.get(victim).setCut(false);
        }
    }

    /** Those that are there again are found while others work. */
    private void awaitWorkers(RemoteDenoiser remote) {
        for (int k = 0; remote.workers() < workers.size(); k++) {
            assertTrue(k < 300, remote.workers() + " workers: " + remote.troubles());
            sample(remote, 0);
            LockSupport.parkNanos(100_000_000);
        }
    }

    /** Whoever is back is found again while others work, and given rows. */
    private void awaitRows(RemoteDenoiser remote, int victim) throws Exception {
        long before = workers.get(victim).rows();
        for (int k = 0; workers.get(victim).rows() == before; k++) {
            assertTrue(k < 300, machines.get(victim).address() + " has no rows: " + remote.troubles());
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

    @Override
    public void close() {
        workers.forEach(WorkerProcess::close);
    }
}

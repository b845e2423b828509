package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Four workers in four network namespaces of this machine, as if each were another machine: the same bits by every method,
 * also while one's network is gone.
 * Skipped where namespaces cannot be made, which takes the rights of root and iproute2.
 */
class RemoteNetworksTest {
    private static final int WORKERS = 4;
    private static final int CHUNK = 2;
    /** {@code -Dparaflux.remote.runs=100} for the long test. */
    private static final int RUNS = Integer.getInteger("paraflux.remote.runs", 2);
    /** Of a run whose worker's network is gone, more than of one without trouble; on a busy machine. */
    private static final double MOST_DELAY_SECONDS = 4;
    private static final String PREFIX = "paraflux" + ProcessHandle.current().pid() % 10_000 + "-";
    private static final int PORT = 8001;

    @TempDir
    private static Path folder;
    private static final List<WorkerProcess> WORKING = new ArrayList<>();
    private static int made;
    private static RemoteDenoiser remote;
    private static PretrainedDenoiser here;

    @BeforeAll
    static void start() throws Exception {
        for (int k = 0; k < WORKERS; k++) {
            assumeTrue(isMade(k), "network namespaces cannot be made here");
        }
        here = new ToyBackend(0).load(folder, RemoteProcessesTest.CARD);
        List<String> addresses = new ArrayList<>();
        for (int k = 0; k < WORKERS; k++) {
            WORKING.add(new WorkerProcess(folder, address(k, 2), PORT, "ip", "netns", "exec", PREFIX + k));
            addresses.add(address(k, 2) + ":" + PORT);
        }
        for (int attempt = 0; remote == null; attempt++) {
            try {
                remote = RemoteDenoiser.connect(RemoteProcessesTest.CARD,
                        RemoteOptions.of(addresses).withChunkRows(CHUNK));
            } catch (IOException e) {
                if (attempt == 20) {
                    throw e;
                }
                Thread.sleep(500);
            }
        }
        for (int k = 0; k < 100 && remote.workers() < WORKERS; k++) {
            sample(remote, RemoteSampleTest.methods().findFirst().orElseThrow());
            Thread.sleep(100);
        }
    }

    private static String address(int network, int host) {
        return "10.231." + network + "." + host;
    }

    private static boolean isMade(int k) throws Exception {
        String name = PREFIX + k;
        String end = "pf" + ProcessHandle.current().pid() % 10_000 + "-" + k;
        if (!run("ip", "netns", "add", name)) {
            return false;
        }
        made++;
        return run("ip", "link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", name)
                && run("ip", "addr", "add", address(k, 1) + "/24", "dev", end)
                && run("ip", "link", "set", end, "up")
                && run("ip", "-n", name, "addr", "add", address(k, 2) + "/24", "dev", "eth0")
                && run("ip", "-n", name, "link", "set", "eth0", "up")
                && run("ip", "-n", name, "link", "set", "lo", "up");
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    static void end() throws Exception {
        if (remote != null) {
            remote.close();
        }
        WORKING.forEach(WorkerProcess::close);
        if (here != null) {
            here.close();
        }
        for (int k = 0; k < made; k++) {
            run("ip", "netns", "del", PREFIX + k);
        }
    }

    static Stream<Method> methods() {
        return RemoteSampleTest.methods();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aSampleHasTheBitsOfOneProcess(Method method) {
        assertEquals(WORKERS, remote.workers(), remote.troubles());
        assertArrayEquals(sample(new ChunkedDenoiser(here, CHUNK), method), sample(remote, method));
    }

    /** Nobody is told: what is sent is lost, and no connection is closed. */
    @Test
    void aNetworkThatIsGoneEndsNoRun() throws Exception {
        Method method = Picard.defaults();
        float[] expected = sample(new ChunkedDenoiser(here, CHUNK), method);
        double quiet = Double.MAX_VALUE;
        for (int run = 0; run < 3; run++) {
            quiet = Math.min(quiet, seconds(expected, method, "without trouble"));
        }
        Random random = new Random(RUNS);
        for (int run = 0; run < RUNS; run++) {
            int gone = random.nextInt(WORKERS);
            long after = (long) (random.nextDouble() * quiet * 1e9);
            FutureTask<Boolean> cut = new FutureTask<>(() -> {
                LockSupport.parkNanos(after);
                return link(gone, "down");
            });
            new Thread(cut).start();
            double late = seconds(expected, method, "run " + run + ", worker " + gone) - quiet;
            assertTrue(cut.get());
            // The next one begins without it.
            late = Math.max(late, seconds(expected, method, "after run " + run) - quiet);
            assertTrue(late < MOST_DELAY_SECONDS, late + " s later than without trouble");
            assertTrue(link(gone, "up"));
            awaitAnswers(gone);
        }
    }

    private static boolean link(int k, String state) throws Exception {
        return run("ip", "-n", PREFIX + k, "link", "set", "eth0", state);
    }

    private static double seconds(float[] expected, Method method, String when) {
        long begun = System.nanoTime();
        assertArrayEquals(expected, sample(remote, method), when);
        return (System.nanoTime() - begun) * 1e-9;
    }

    /** Whoever is back is found again while others work, and given rows. */
    private static void awaitAnswers(int k) throws Exception {
        long before = WORKING.get(k).rows();
        for (int call = 0; WORKING.get(k).rows() == before; call++) {
            assertTrue(call < 300, address(k, 2) + " has no rows: " + remote.troubles());
            sample(remote, Picard.defaults());
            Thread.sleep(100);
        }
    }

    private static float[] sample(Denoiser model, Method method) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(30)).method(method).build()) {
            return sampler.sample(Request.seed(4).withLabel(7)).values();
        }
    }
}

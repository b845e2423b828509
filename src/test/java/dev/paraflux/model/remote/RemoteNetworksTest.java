package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Four workers in four network namespaces of this machine, as if each were another machine: the same bits by every method.
 * Skipped where namespaces cannot be made, which takes the rights of root and iproute2.
 */
class RemoteNetworksTest {
    private static final int WORKERS = 4;
    private static final int CHUNK = 2;
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

    private static float[] sample(Denoiser model, Method method) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(30)).method(method).build()) {
            return sampler.sample(Request.seed(4).withLabel(7)).values();
        }
    }
}

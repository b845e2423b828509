package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Four workers in network namespaces of this machine, as if each were another machine, and two that join late: the same bits by
 * every method, also while one is in trouble or its network is gone.
 * Skipped where namespaces cannot be made, which takes the rights of root and iproute2.
 */
class RemoteNetworksTest {
    /** {@code -Dparaflux.remote.runs=100} for the long test. */
    private static final int RUNS = Integer.getInteger("paraflux.remote.runs", 4);
    private static final int WORKERS = 4;
    private static final int MACHINES = 6;
    private static final int CHUNK = 2;
    private static final int PORT = 8001;

    @TempDir
    private static Path folder;
    private static List<NetworkNamespace> networks = List.of();
    private static TroubledWorkers workers;

    private record There(NetworkNamespace network) implements TroubledWorkers.Machine {
        @Override
        public WorkerProcess start(Path folder) {
            try {
                return new WorkerProcess(folder, network.host(), PORT, network.words());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String address() {
            return network.host() + ":" + PORT;
        }

        @Override
        public void setCut(boolean cut) {
            network.setCut(cut);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        networks = NetworkNamespace.make(MACHINES);
        assumeFalse(networks.isEmpty(), "network namespaces cannot be made here");
        workers = new TroubledWorkers(folder, networks.stream().map(There::new).toList());
    }

    @AfterAll
    static void end() {
        if (workers != null) {
            workers.close();
        }
        networks.forEach(NetworkNamespace::close);
    }

    static Stream<Method> methods() {
        return RemoteSampleTest.methods();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aSampleHasTheBitsOfOneProcess(Method method) throws Exception {
        try (PretrainedDenoiser here = new ToyBackend(0).load(folder, TroubledWorkers.CARD);
                RemoteDenoiser remote = RemoteDenoiser.connect(TroubledWorkers.CARD,
                        RemoteOptions.of(workers.addresses().subList(0, WORKERS)).withChunkRows(CHUNK))) {
            assertEquals(WORKERS, remote.workers(), remote.troubles());
            assertArrayEquals(sample(new ChunkedDenoiser(here, CHUNK), method), sample(remote, method));
        }
    }

    @Test
    void runsEndRightWhateverBecomesOfAWorkerOrItsNetwork() throws Exception {
        workers.run(RUNS, TroubledWorkers.Trouble.values());
    }

    private static float[] sample(Denoiser model, Method method) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(30)).method(method).build()) {
            return sampler.sample(Request.seed(4).withLabel(7)).values();
        }
    }
}

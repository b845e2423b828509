package dev.paraflux.model.remote;

import dev.paraflux.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four workers, each a process of this machine, and two that join late. */
class RemoteProcessesTest {
    /** {@code -Dparaflux.remote.runs=100} for the long test. */
    private static final int RUNS = Integer.getInteger("paraflux.remote.runs", 6);
    private static final int MACHINES = 6;

    @TempDir
    private Path folder;

    private record Here(int port) implements TroubledWorkers.Machine {
        @Override
        public WorkerProcess start(Path folder) {
            try {
                return new WorkerProcess(folder, "localhost", port);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String address() {
            return "localhost:" + port;
        }
    }

    @Test
    void runsEndRightWhateverBecomesOfAWorker() throws Exception {
        List<Here> machines = new ArrayList<>();
        for (int k = 0; k < MACHINES; k++) {
            machines.add(new Here(FreePort.find()));
        }
        try (TroubledWorkers workers = new TroubledWorkers(folder, machines)) {
            workers.run(RUNS, TroubledWorkers.Trouble.KILLED, TroubledWorkers.Trouble.STOPPED,
                    TroubledWorkers.Trouble.SLOWED);
        }
    }
}

package dev.paraflux.model.remote;

import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.DenoiserContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What every denoiser owes, of one that two servers evaluate. */
class RemoteContractTest extends DenoiserContract {
    @TempDir
    private static Path folder;
    private static TestService service;

    @BeforeAll
    static void start() {
        service = new TestService(folder, ToyBackend.card(3, 4), 0, 0);
    }

    @AfterAll
    static void end() {
        service.close();
    }

    @Override
    protected Denoiser open() {
        return service.connect(service.options().withChunkRows(2));
    }

    @Override
    protected List<Conditioning> legal() {
        return conditions(Condition.none(), Condition.label(0), Condition.label(9));
    }

    @Override
    protected Conditioning illegal() {
        return Conditioning.of(Condition.label(10));
    }

    @Override
    protected double batchTolerance() {
        return 1e-5;
    }
}

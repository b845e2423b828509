package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.pretrained.ModelCard;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker that is stopped, or cut off, in the middle of an answer. */
@Timeout(60)
class RemoteStallTest {
    private static final ModelCard CARD = ToyBackend.card(64, 1024);
    private static final List<Long> SHAPE = List.of(64L, 1024L);
    private static final int ROWS = 8;
    /** Less than an answer. */
    private static final long MOST_BYTES = 100_000;

    /** gRPC itself would wait until the connection is found to be dead, which takes longer than this deadline. */
    @Test
    void anAnswerThatDoesNotEndIsHadFromAnother() throws Exception {
        try (FakeServer first = new FakeServer(SHAPE, FakeServer::half);
                FakeServer second = new FakeServer(SHAPE, FakeServer::half);
                Relay cable = new Relay(RemoteOptions.address(first.address()).port(), MOST_BYTES);
                RemoteDenoiser model = RemoteDenoiser.connect(CARD, RemoteOptions.of(cable.address(), second.address())
                        .withChunkRows(2).withHedge(Duration.ofMillis(300)).withDeadline(Duration.ofSeconds(8)))) {
            for (int call = 0; call < 3; call++) {
                HalvedRows.evaluate(model, ROWS);
            }
            assertTrue(cable.back() >= MOST_BYTES, cable.back() + " bytes");
        }
    }
}

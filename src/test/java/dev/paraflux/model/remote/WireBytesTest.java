package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.pretrained.ModelCard;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What travels is counted between client and server, byte by byte: a row there and back, with its time and condition. */
class WireBytesTest {
    private static final int DIM = 3 * 64 * 64;
    private static final int CHUNK = 4;
    /** Of a request and its answer: names, shapes, HTTP/2's headers. */
    private static final int HEAD = 300;
    /** HTTP/2's frames, their flow control and TCP's own small ones. */
    private static final double FRAMES = 1.005;
    private static final int CONNECTION = 8192;

    @TempDir
    private Path folder;

    @Test
    void aRemoteRowIsTwoRowsAndItsConditionOnce() throws Exception {
        ModelCard card = ToyBackend.card(3, 64, 64);
        try (TestService service = new TestService(folder, card, 0);
                Relay relay = new Relay(RemoteOptions.address(service.addresses().get(0)).port());
                RemoteDenoiser remote = RemoteDenoiser.connect(card,
                        RemoteOptions.of(relay.address()).withChunkRows(CHUNK));
                Sampler sampler = Sampler.builder(remote, TestGrids.linear(20)).method(Picard.defaults()).build()) {
            Sample sample = sampler.sample(Request.seed(1).withLabel(3));
            long rows = service.backends.get(0).rows.get();
            // Once more and this would be another test: no row was evaluated twice.
            assertTrue(rows == sample.stats().evaluations(), rows + " rows, " + sample.stats());
            long calls = rows / CHUNK + sample.stats().rounds();
            requireBetween(rows * (DIM * 4L + 4 + 8), calls, relay.there());
            requireBetween(rows * (DIM * 4L), calls, relay.back());
        }
    }

    private static void requireBetween(long tensors, long calls, long found) {
        assertTrue(found > tensors, found + " bytes: must be above " + tensors);
        long most = (long) (tensors * FRAMES) + calls * HEAD + CONNECTION;
        assertTrue(found < most, found + " bytes: must be below " + most);
    }
}

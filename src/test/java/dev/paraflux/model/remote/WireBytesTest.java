package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
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

    /** Passes on what comes, and counts it. */
    private static final class Relay implements AutoCloseable {
        final AtomicLong there = new AtomicLong();
        final AtomicLong back = new AtomicLong();
        private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final int target;

        Relay(int target) throws IOException {
            this.target = target;
            run(() -> {
                while (true) {
                    Socket client = server.accept();
                    Socket other = new Socket(InetAddress.getLoopbackAddress(), target);
                    client.setTcpNoDelay(true);
                    other.setTcpNoDelay(true);
                    run(() -> pass(client, other, there));
                    run(() -> pass(other, client, back));
                }
            });
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void run(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    // It is over.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private static void pass(Socket from, Socket to, AtomicLong count) throws IOException {
            byte[] piece = new byte[1 << 16];
            try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                    out.write(piece, 0, n);
                    count.addAndGet(n);
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    @Test
    void aRemoteRowIsTwoRowsAndItsConditionOnce() throws Exception {
        ModelCard card = ToyBackend.card(3, 64, 64);
        try (TestService service = new TestService(folder, card, 0);
                Relay relay = new Relay(RemoteOptions.address(service.addresses().get(0)).port());
                RemoteDenoiser remote = RemoteDenoiser.connect(card,
                        RemoteOptions.of("localhost:" + relay.server.getLocalPort()).withChunkRows(CHUNK));
                Sampler sampler = Sampler.builder(remote, TestGrids.linear(20)).method(Picard.defaults()).build()) {
            Sample sample = sampler.sample(Request.seed(1).withLabel(3));
            long rows = service.backends.get(0).rows.get();
            // Once more and this would be another test: no row was evaluated twice.
            assertTrue(rows == sample.stats().evaluations(), rows + " rows, " + sample.stats());
            long calls = rows / CHUNK + sample.stats().rounds();
            requireBetween(rows * (DIM * 4L + 4 + 8), calls, relay.there.get());
            requireBetween(rows * (DIM * 4L), calls, relay.back.get());
        }
    }

    private static void requireBetween(long tensors, long calls, long found) {
        assertTrue(found > tensors, found + " bytes: must be above " + tensors);
        long most = (long) (tensors * FRAMES) + calls * HEAD + CONNECTION;
        assertTrue(found < most, found + " bytes: must be below " + most);
    }
}

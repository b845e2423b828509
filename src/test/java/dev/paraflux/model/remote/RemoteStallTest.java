package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker that is stopped, or cut off, in the middle of an answer. */
@Timeout(60)
class RemoteStallTest {
    private static final ModelCard CARD = ToyBackend.card(64, 1024);
    private static final List<Long> SHAPE = List.of(64L, 1024L);
    private static final int ROWS = 8;

    /** Sends on what comes, but only so many bytes of what is answered; nobody is told that there were more. */
    private static final class Cable implements AutoCloseable {
        private static final long MOST_BYTES = 100_000;

        private final ServerSocket listening;
        private final List<Socket> ends = new ArrayList<>();
        private volatile long passed;

        Cable(int port) throws IOException {
            listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
            begin(() -> {
                while (true) {
                    Socket near = kept(listening.accept());
                    Socket far = kept(new Socket(InetAddress.getLoopbackAddress(), port));
                    begin(() -> near.getInputStream().transferTo(far.getOutputStream()));
                    begin(() -> answer(far.getInputStream(), near.getOutputStream()));
                }
            });
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void begin(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    // It is closed.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private synchronized Socket kept(Socket socket) {
            ends.add(socket);
            return socket;
        }

        private void answer(InputStream from, OutputStream to) throws IOException {
            byte[] piece = new byte[4096];
            for (int count = from.read(piece); count > 0 && passed < MOST_BYTES; count = from.read(piece)) {
                to.write(piece, 0, count);
                passed += count;
            }
        }

        String address() {
            return "localhost:" + listening.getLocalPort();
        }

        boolean isStuck() {
            return passed >= MOST_BYTES;
        }

        @Override
        public synchronized void close() throws IOException {
            listening.close();
            for (Socket end : ends) {
                end.close();
            }
        }
    }

    /** gRPC itself would wait until the connection is found to be dead, which takes longer than this deadline. */
    @Test
    void anAnswerThatDoesNotEndIsHadFromAnother() throws Exception {
        try (FakeServer first = new FakeServer(SHAPE, FakeServer::half);
                FakeServer second = new FakeServer(SHAPE, FakeServer::half);
                Cable cable = new Cable(RemoteOptions.address(first.address()).port());
                RemoteDenoiser model = RemoteDenoiser.connect(CARD, RemoteOptions.of(cable.address(), second.address())
                        .withChunkRows(2).withHedge(Duration.ofMillis(300)).withDeadline(Duration.ofSeconds(8)))) {
            for (int call = 0; call < 3; call++) {
                assertHalved(model);
            }
            assertTrue(cable.isStuck());
        }
    }

    private static void assertHalved(RemoteDenoiser model) {
        try (Buffer states = Device.cpu().allocate(ROWS, model.dim());
                Buffer predictions = Device.cpu().allocate(ROWS, model.dim())) {
            Batch batch = new Batch(ROWS);
            batch.begin(states, 0, predictions, 0);
            float[] row = new float[model.dim()];
            for (int i = 0; i < ROWS; i++) {
                Arrays.fill(row, 1 + i);
                states.write(i, row);
                batch.add(TestGrids.linear(10).level(i), Condition.label(i));
            }
            batch.evaluateBy(model);
            for (int i = 0; i < ROWS; i++) {
                predictions.read(i, row);
                assertEquals(0.5f * (1 + i), row[0]);
                assertEquals(0.5f * (1 + i), row[row.length - 1]);
            }
        }
    }
}

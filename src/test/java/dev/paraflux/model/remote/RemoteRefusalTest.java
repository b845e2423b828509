package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.FreePort;
import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Condition;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may not work with whom is told in a sentence, before any row is sent. */
@Timeout(60)
class RemoteRefusalTest {
    private static final ModelCard CARD = ToyBackend.card(2, 3);

    @TempDir
    private Path folder;

    @Test
    void aWorkerWithOtherWeightsIsRefused() throws Exception {
        try (PretrainedDenoiser one = new ToyBackend(0).load(folder, CARD);
                PretrainedDenoiser other = new ToyBackend(0, 0.7f).load(folder, CARD);
                DenoiserServer first = DenoiserServer.start(one, ServerOptions.LOCAL);
                DenoiserServer second = DenoiserServer.start(other, ServerOptions.LOCAL)) {
            String digest = one.identity().model().settings().get("sha256").toString();
            RemoteOptions both = RemoteOptions.of("localhost:" + first.port(), "localhost:" + second.port());
            TestService.requireRefusal(CARD, both, "worker localhost:", "its model's sha256 is ", "must be the same");
            TestService.requireRefusal(CARD, both.withSha256(digest), "worker localhost:" + second.port(),
                    "it serves another model, with digest ", digest);
            RemoteDenoiser.connect(CARD, RemoteOptions.of("localhost:" + first.port()).withSha256(digest)).close();
        }
    }

    @Test
    void aWorkerThatCutsCallsOtherwiseIsRefused() throws Exception {
        try (PretrainedDenoiser one = new ToyBackend(0).load(folder, CARD);
                PretrainedDenoiser other = new ToyBackend(0).load(folder, CARD)) {
            other.setReplicas(2);
            try (DenoiserServer first = DenoiserServer.start(one, ServerOptions.LOCAL);
                    DenoiserServer second = DenoiserServer.start(other, ServerOptions.LOCAL)) {
                TestService.requireRefusal(CARD,
                        RemoteOptions.of("localhost:" + first.port(), "localhost:" + second.port()),
                        "its model's arithmetic is plain Java, calls cut for ", "must be the same");
            }
        }
    }

    @Test
    void aModelOfAnotherShapeOrNameIsRefused() throws Exception {
        try (TestService service = new TestService(folder, CARD, 0)) {
            TestService.requireRefusal(ToyBackend.card(3, 2), service.options(),
                    "input x of its model is FP32 [-1, 2, 3]",
                    "must be FP32 [-1, 3, 2]");
            TestService.requireRefusal(CARD, service.options().withService("other"),
                    "model other is not served here: must be toy");
        }
    }

    @Test
    void workersThatCannotBeReachedAreNamed() throws Exception {
        int port = FreePort.find();
        TestService.requireRefusal(CARD, RemoteOptions.of("localhost:" + port), "no worker can be reached",
                "localhost:" + port,
                "Connection refused");
        TestService.requireRefusal(CARD, RemoteOptions.of("no-such-host.invalid:8001"), "no worker can be reached",
                "no address is known for no-such-host.invalid");
        // One that is there is enough, and the other is told of.
        try (TestService service = new TestService(folder, CARD, 0);
                RemoteDenoiser model = service.connect(service.options("localhost:" + port))) {
            assertEquals(1, model.workers());
            assertTrue(model.troubles().contains("localhost:" + port), model.troubles());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "localhost:", ":8001", "localhost:0", "localhost:65536", "localhost:x",
            "1:2:3", "::1:80", "[]:80"})
    void addressesAreChecked(String address) {
        String message = assertThrows(IllegalValueException.class, () -> RemoteOptions.of(address)).getMessage();
        assertTrue(message.contains("must be HOST:PORT"), message);
    }

    @Test
    void anAddressOfSixteenBytesStandsInBrackets() {
        assertEquals("::1", RemoteOptions.address(RemoteOptions.of("[::1]:80").workers().get(0)).host());
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PretrainedDenoiser model = new ToyBackend(0).load(folder, CARD)) {
            String message = assertThrows(IOException.class, () -> DenoiserServer.start(model,
                    ServerOptions.at("localhost:" + taken.getLocalPort()))).getMessage();
            assertTrue(message.contains("localhost:" + taken.getLocalPort() + " cannot be listened at")
                    && message.contains("Address already in use"), message);
        }
    }

    @Test
    void randomBytesAtThePortHarmNobody() throws Exception {
        try (TestService service = new TestService(folder, CARD, 0); RemoteDenoiser model = service.connect()) {
            int port = RemoteOptions.address(service.addresses().get(0)).port();
            Random random = new Random(1);
            for (int k = 0; k < 50; k++) {
                byte[] noise = new byte[random.nextInt(5000)];
                random.nextBytes(noise);
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                        OutputStream out = socket.getOutputStream()) {
                    if (k % 2 == 0) {
                        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes());
                    }
                    out.write(noise);
                } catch (IOException e) {
                    // It has hung up.
                }
            }
            assertDoesNotThrow(() -> DenoiserChecks.verify(model, TestGrids.linear(10), Condition.label(1)));
        }
    }
}

package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Condition;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.remote.protocol.GRPCInferenceServiceGrpc;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS, certificates and tokens: who may talk to whom, and what is sent to nobody. */
@Timeout(60)
class RemoteSecurityTest {
    private static final ModelCard CARD = ToyBackend.card(2, 3);

    @TempDir
    private Path folder;

    /** Whoever is between could read and change all: that has to be asked for. */
    @Test
    void othersAreNotServedWithoutTls() throws Exception {
        try (PretrainedDenoiser model = new ToyBackend(0).load(folder, CARD)) {
            String message = assertThrows(IllegalValueException.class,
                    () -> DenoiserServer.start(model, ServerOptions.at("0.0.0.0:0"))).getMessage();
            assertTrue(message.contains("without TLS"), message);
            DenoiserServer.start(model, ServerOptions.at("0.0.0.0:0").withPlainOpen()).close();
        }
    }

    @Test
    void aTokenIsAskedFor() throws Exception {
        try (PretrainedDenoiser model = new ToyBackend(0).load(folder, CARD);
                DenoiserServer server = DenoiserServer.start(model,
                        ServerOptions.LOCAL.withSecurity(RemoteSecurity.PLAIN.withToken(() -> "secret")))) {
            RemoteOptions plain = RemoteOptions.of("localhost:" + server.port());
            TestService.requireRefusal(CARD, plain, "it refuses: it wants a token, and none was given");
            TestService.requireRefusal(CARD, plain.withSecurity(RemoteSecurity.PLAIN.withToken(() -> "guess")),
                    "it refuses: the token is another one than it wants");
            requireWorks(plain.withSecurity(RemoteSecurity.PLAIN.withToken(() -> "secret")));
        }
    }

    @Test
    void nobodyIsServedWhileTheTokenCannotBeRead() throws Exception {
        RemoteSecurity lost = RemoteSecurity.PLAIN.withToken(() -> {
            throw new IllegalStateException("/secret/file is gone");
        });
        try (PretrainedDenoiser model = new ToyBackend(0).load(folder, CARD);
                DenoiserServer server = DenoiserServer.start(model, ServerOptions.LOCAL.withSecurity(lost))) {
            TestService.requireRefusal(CARD, RemoteOptions.of("localhost:" + server.port()).withSecurity(
                    RemoteSecurity.PLAIN.withToken(() -> "secret")), "UNAVAILABLE: its token cannot be read");
        }
    }

    /** Nothing is sent there: the address is of nobody, RFC 5737. */
    @Test
    void aTokenIsNotSentToOtherMachinesWithoutTls() {
        RemoteSecurity plain = RemoteSecurity.PLAIN.withToken(() -> "secret");
        RemoteOptions far = RemoteOptions.of("localhost:1", "192.0.2.1:8001").withSecurity(plain)
                .withPatience(Duration.ofMillis(100));
        String message = assertThrows(IllegalValueException.class, () -> RemoteDenoiser.connect(CARD, far))
                .getMessage();
        assertEquals("workers \"192.0.2.1:8001\": must be of this machine, for example localhost:8001, where a token is"
                + " sent without TLS: others could read the token", message);
        // They are tried then, and nobody is there.
        for (RemoteSecurity allowed : List.of(plain.withTokenInClear(), RemoteSecurity.TLS.withToken(() -> "secret"))) {
            assertThrows(IOException.class, () -> RemoteDenoiser.connect(CARD, far.withSecurity(allowed)));
        }
    }

    /** A name can lead elsewhere than it did. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "::1, true", "192.0.2.1, false", "0.0.0.0, false"})
    void noCallHasATokenThatOthersCouldRead(String address, boolean sent) throws Exception {
        RemoteSecurity plain = RemoteSecurity.PLAIN.withToken(() -> "secret");
        assertEquals(sent, isSent(plain, address));
        assertTrue(isSent(plain.withTokenInClear(), address));
        assertTrue(isSent(RemoteSecurity.TLS.withToken(() -> "secret"), address));
    }

    private static boolean isSent(RemoteSecurity security, String address) throws Exception {
        Attributes there = Attributes.newBuilder().set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR,
                new InetSocketAddress(InetAddress.getByName(address), 1)).build();
        Metadata[] applied = new Metadata[1];
        new Credentials.Bearer(security).applyRequestMetadata(new CallCredentials.RequestInfo() {
            @Override
            public MethodDescriptor<?, ?> getMethodDescriptor() {
                return GRPCInferenceServiceGrpc.getModelInferMethod();
            }

            @Override
            public SecurityLevel getSecurityLevel() {
                return SecurityLevel.NONE;
            }

            @Override
            public String getAuthority() {
                return "localhost";
            }

            @Override
            public Attributes getTransportAttrs() {
                return there;
            }
        }, Runnable::run, new CallCredentials.MetadataApplier() {
            @Override
            public void apply(Metadata headers) {
                applied[0] = headers;
            }

            @Override
            public void fail(Status status) {
                assertEquals(Status.Code.UNAUTHENTICATED, status.getCode());
            }
        });
        return applied[0] != null && applied[0].get(Credentials.AUTHORIZATION).equals("Bearer secret");
    }

    @Test
    void bothSidesShowCertificates() throws Exception {
        TestCertificate server = TestCertificate.of(folder, "localhost");
        TestCertificate client = TestCertificate.of(folder, "client");
        RemoteSecurity mutual = RemoteSecurity.TLS.withCertificate(server.file(), server.key())
                .withAuthorities(client.file());
        try (PretrainedDenoiser model = new ToyBackend(0).load(folder, CARD);
                DenoiserServer one = DenoiserServer.start(model, ServerOptions.LOCAL.withSecurity(mutual))) {
            RemoteOptions plain = RemoteOptions.of("localhost:" + one.port()).withPatience(Duration.ofSeconds(3));
            RemoteSecurity trusting = RemoteSecurity.TLS.withAuthorities(server.file());
            requireWorks(plain.withSecurity(trusting.withCertificate(client.file(), client.key())));
            TestService.requireRefusal(CARD, plain, "no worker can be reached", "does it want TLS?");
            TestService.requireRefusal(CARD, plain.withSecurity(RemoteSecurity.TLS), "no worker can be reached",
                    "certification path");
            TestService.requireRefusal(CARD, plain.withSecurity(trusting), "worker localhost:");
        }
    }

    @Test
    void aKeyThatIsNoneIsRefusedOnBothSides() throws Exception {
        TestCertificate server = TestCertificate.of(folder, "localhost");
        Path key = Files.writeString(folder.resolve("broken.key"),
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        RemoteSecurity security = RemoteSecurity.TLS.withCertificate(server.file(), key);
        try (PretrainedDenoiser model = new ToyBackend(0).load(folder, CARD)) {
            requireKeyRefusal(server, () -> DenoiserServer.start(model, ServerOptions.LOCAL.withSecurity(security)));
        }
        requireKeyRefusal(server,
                () -> RemoteDenoiser.connect(CARD, RemoteOptions.of("localhost:1").withSecurity(security)));
    }

    private static void requireKeyRefusal(TestCertificate certificate, Executable use) {
        String message = assertThrows(IllegalValueException.class, use).getMessage();
        assertTrue(message.startsWith("certificate " + certificate.file() + ": must be PEM files"), message);
        assertTrue(message.contains("PKCS#8"), message);
    }

    @Test
    void whatATlsServerLacksIsSaid() {
        String message = assertThrows(IllegalValueException.class,
                () -> Credentials.ofServer(RemoteSecurity.TLS)).getMessage();
        assertTrue(message.contains("certificate missing: must be given for a server with TLS"), message);
        assertThrows(IllegalValueException.class, () -> new RemoteSecurity(false,
                java.util.Optional.of(folder), java.util.Optional.empty(), java.util.Optional.empty(),
                java.util.Optional.empty(), false));
    }

    private static void requireWorks(RemoteOptions options) throws IOException {
        try (RemoteDenoiser model = RemoteDenoiser.connect(CARD, options)) {
            DenoiserChecks.verify(model, TestGrids.linear(10), Condition.label(1));
        }
    }
}

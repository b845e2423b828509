package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.model.Condition;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.remote.protocol.GRPCInferenceServiceGrpc;
import dev.paraflux.model.remote.protocol.ModelInferRequest;
import dev.paraflux.model.remote.protocol.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinTask;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of the protocol that do not do as ours: whoever else is served does not notice them. */
@Timeout(60)
class StrangerTest {
    private static final ModelCard CARD = ToyBackend.card(2, 3);
    private static final ModelTensors TENSORS = new ModelTensors(CARD);

    @TempDir
    private Path folder;

    /** Calls that never say that they have sent all: they would have all rows that there are. */
    @Test
    void callsThatAreLeftOpenHoldNoRows() throws Exception {
        try (TestService service = new TestService(folder, CARD, 0); RemoteDenoiser model = service.connect()) {
            List<ManagedChannel> strangers = new ArrayList<>();
            try {
                for (int k = 0; k < 4; k++) {
                    strangers.add(Grpc.newChannelBuilder(service.addresses().get(0),
                            InsecureChannelCredentials.create()).build());
                    for (int call = 0; call < 32; call++) {
                        leaveOpen(strangers.get(k), (4 * k + call) % 7 + 1);
                    }
                }
                awaitRows(service, 4 * 32);
                assertDoesNotThrow(() -> DenoiserChecks.verify(model, TestGrids.linear(10), Condition.label(1)));
            } finally {
                strangers.forEach(ManagedChannel::shutdownNow);
            }
        }
    }

    private static void awaitRows(TestService service, int least) throws InterruptedException {
        for (int k = 0; k < 1000 && service.backends.get(0).rows.get() < least; k++) {
            Thread.sleep(10);
        }
        assertTrue(service.backends.get(0).rows.get() >= least, service.backends.get(0).rows + " rows");
    }

    private static void leaveOpen(ManagedChannel channel, int rows) throws Exception {
        ModelInferRequest.Builder request = ModelInferRequest.parseFrom(TENSORS.requestHead("toy", "", "", rows))
                .toBuilder();
        for (ModelTensors.Tensor input : TENSORS.inputs()) {
            request.addRawInputContents(com.google.protobuf.ByteString.copyFrom(new byte[rows * input.bytes()]));
        }
        // Not one that is known to have one request alone, which is sent when that is said to be all.
        ClientCall<ModelInferRequest, ModelInferResponse> call = channel.newCall(
                GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder()
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING).build(),
                CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.sendMessage(request.build());
    }

    /** The threads that all connections share would wait with it, and others' connections be taken for lost. */
    @Test
    void whoeverAsksWhatIsServedDoesNotWaitForTheModel() throws Exception {
        try (TestService service = new TestService(folder, CARD, 0); RemoteDenoiser busy = service.connect()) {
            service.backends.get(0).setMillis(2000);
            ForkJoinTask<?> working = ForkJoinTask.adapt(
                    () -> DenoiserChecks.verify(busy, TestGrids.linear(2), Condition.label(1))).fork();
            Thread.sleep(500);
            long begun = System.nanoTime();
            service.connect().close();
            double seconds = (System.nanoTime() - begun) * 1e-9;
            service.backends.get(0).setMillis(0);
            assertTrue(seconds < 1, seconds + " s");
            working.join();
        }
    }

    /** A trace of sixty lines for each would fill the disk of a worker for everybody's few bytes. */
    @Test
    void messagesThatAreNoneAreAnsweredAndNotLogged() throws Exception {
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord told) {
                logged.add(told);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = Logger.getLogger("");
        root.addHandler(listener);
        try (TestService service = new TestService(folder, CARD, 0)) {
            ManagedChannel stranger = Grpc.newChannelBuilder(service.addresses().get(0),
                    InsecureChannelCredentials.create()).build();
            try {
                for (MethodDescriptor<?, ?> method : GRPCInferenceServiceGrpc.getServiceDescriptor().getMethods()) {
                    for (int length : new int[] {7, 3 << 20}) {
                        MethodDescriptor<byte[], byte[]> raw = method.toBuilder(new Bytes(), new Bytes()).build();
                        byte[] none = new byte[length];
                        Arrays.fill(none, (byte) -1);
                        assertThrows(StatusRuntimeException.class,
                                () -> ClientCalls.blockingUnaryCall(stranger, raw, CallOptions.DEFAULT, none));
                    }
                }
            } finally {
                stranger.shutdownNow();
            }
            try (RemoteDenoiser model = service.connect()) {
                assertDoesNotThrow(() -> DenoiserChecks.verify(model, TestGrids.linear(10), Condition.label(1)));
            }
        } finally {
            root.removeHandler(listener);
        }
        assertEquals(List.of(), logged.stream().filter(told -> told.getLevel().intValue() > Level.INFO.intValue())
                .map(LogRecord::getMessage).toList());
    }

    /** Bytes as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return new byte[0];
        }
    }
}

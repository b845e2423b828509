package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestGrids;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.UnwantedException;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.remote.protocol.ModelInferRequest;
import dev.paraflux.model.remote.protocol.ModelInferResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that do not do as they should: their chunks are done by others, or the call ends in a sentence. */
@Timeout(60)
class RemoteTroubleTest {
    private static final int ROWS = 16;
    private static final ModelCard CARD = ToyBackend.card(2, 3);
    private static final List<Long> SHAPE = List.of(2L, 3L);

    private static List<Long> shape(ModelInferRequest request, long... row) {
        return Stream.concat(Stream.of(request.getInputs(0).getShape(0)), Arrays.stream(row).boxed()).toList();
    }

    private static Function<ModelInferRequest, ModelInferResponse> sayingNotANumber() {
        return request -> FakeServer.answer(request, "FP32", shape(request, 2, 3), value -> Float.NaN);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("values that are not finite", sayingNotANumber()),
                Arguments.of("FP32 [2, 3, 2]: must be FP32 [2, 2, 3]",
                        (Function<ModelInferRequest, ModelInferResponse>) request -> FakeServer.answer(request, "FP32",
                                shape(request, 3, 2), value -> value)),
                Arguments.of("FP32 [2, 5]: must be FP32 [2, 2, 3]",
                        (Function<ModelInferRequest, ModelInferResponse>) request -> FakeServer.answer(request, "FP32",
                                shape(request, 5), value -> value)),
                Arguments.of("INT32 [2, 2, 3]: must be FP32",
                        (Function<ModelInferRequest, ModelInferResponse>) request -> FakeServer.answer(request, "INT32",
                                shape(request, 2, 3), value -> value)),
                Arguments.of("no tensor",
                        (Function<ModelInferRequest, ModelInferResponse>) request -> ModelInferResponse
                                .getDefaultInstance()),
                Arguments.of("no raw tensor",
                        (Function<ModelInferRequest, ModelInferResponse>) request -> FakeServer.half(request)
                                .toBuilder().clearRawOutputContents().build()),
                Arguments.of("UNAVAILABLE: gone fishing",
                        (Function<ModelInferRequest, ModelInferResponse>) request -> {
                            throw io.grpc.Status.UNAVAILABLE.withDescription("gone fishing").asRuntimeException();
                        }));
    }

    /** All but values that are not finite, which may be the model's own. */
    static Stream<Arguments> faultsOfAnswers() {
        return faults().skip(1);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatOneAnswersWronglyOthersDo(String words, Function<ModelInferRequest, ModelInferResponse> fault)
            throws Exception {
        try (FakeServer bad = new FakeServer(SHAPE, fault);
                FakeServer good = new FakeServer(SHAPE, FakeServer::half);
                RemoteDenoiser model = connect(bad, good)) {
            for (int call = 0; call < 20; call++) {
                assertHalved(model);
            }
            assertTrue(bad.asked.get() > 0);
            // Whoever fails is asked less and less.
            assertTrue(bad.asked.get() < good.asked.get() / 4, bad.asked + " of " + good.asked);
        }
    }

    @ParameterizedTest
    @MethodSource("faultsOfAnswers")
    void aChunkThatNobodyDoesIsGivenUpWithTheReason(String words,
            Function<ModelInferRequest, ModelInferResponse> fault) throws Exception {
        try (FakeServer bad = new FakeServer(SHAPE, fault);
                FakeServer worse = new FakeServer(SHAPE, fault);
                RemoteDenoiser model = connect(bad, worse)) {
            String message = assertThrows(ModelException.class, () -> assertHalved(model)).getMessage();
            assertTrue(message.contains(words) && message.contains(" were given up after ")
                    && message.contains("worker localhost:"), message);
        }
    }

    /** That is then the model's own answer, and ends the run with a status. */
    @Test
    void whatNobodyAnswersWithFiniteValuesEndsTheRun() throws Exception {
        try (FakeServer bad = new FakeServer(SHAPE, sayingNotANumber());
                FakeServer worse = new FakeServer(SHAPE, sayingNotANumber());
                RemoteDenoiser model = connect(bad, worse);
                Sampler sampler = Sampler.builder(model, TestGrids.linear(5)).build()) {
            Sample sample = sampler.sample(Request.seed(1));
            assertEquals(Status.NON_FINITE, sample.status());
        }
    }

    /** One that kills whoever works on it, for example: each is asked once before any is asked twice. */
    @Test
    void aPoisonChunkIsTriedFourTimesByDefault() throws Exception {
        Function<ModelInferRequest, ModelInferResponse> refusing = request -> {
            throw io.grpc.Status.INTERNAL.withDescription("poison").asRuntimeException();
        };
        FakeServer[] servers = new FakeServer[6];
        for (int k = 0; k < servers.length; k++) {
            servers[k] = new FakeServer(SHAPE, refusing);
        }
        try (RemoteDenoiser model = connect(servers)) {
            assertThrows(ModelException.class, () -> assertHalved(model, 2));
            assertEquals(4, Arrays.stream(servers).mapToInt(server -> server.asked.get()).sum());
            assertTrue(Arrays.stream(servers).allMatch(server -> server.asked.get() <= 1));
        } finally {
            Arrays.stream(servers).forEach(FakeServer::close);
        }
    }

    @Test
    void aWorkerThatNeverAnswersDelaysACallByTheHedgeAlone() throws Exception {
        try (FakeServer silent = new FakeServer(SHAPE, request -> null);
                FakeServer good = new FakeServer(SHAPE, FakeServer::half);
                RemoteDenoiser model = RemoteDenoiser.connect(CARD, RemoteOptions.of(silent.address(), good.address())
                        .withChunkRows(2).withHedge(Duration.ofMillis(200)))) {
            assertHalved(model);
            assertTrue(silent.asked.get() > 0);
            long begun = System.nanoTime();
            for (int call = 0; call < 20; call++) {
                assertHalved(model);
            }
            double seconds = (System.nanoTime() - begun) * 1e-9;
            assertTrue(seconds < 5, seconds + " s for 20 calls");
            assertTrue(silent.asked.get() <= 4 + 3, "asked " + silent.asked + " times");
        }
    }

    /** All tries together. */
    @Test
    void aChunkHasOneDeadlineHoweverOftenItIsTried() throws Exception {
        try (FakeServer slow = new FakeServer(SHAPE, request -> {
            LockSupport.parkNanos(500_000_000);
            throw io.grpc.Status.INTERNAL.withDescription("broken").asRuntimeException();
        });
                RemoteDenoiser model = RemoteDenoiser.connect(CARD, RemoteOptions.of(slow.address())
                        .withDeadline(Duration.ofMillis(800)))) {
            String message = assertThrows(ModelException.class, () -> assertHalved(model, 2)).getMessage();
            assertTrue(message.contains("broken") && message.contains("since there was no answer within 800 ms"),
                    message);
            assertTrue(slow.asked.get() <= 2, "asked " + slow.asked + " times");
        }
    }

    /** Two have been asked, and no third is, however long they take. */
    @Test
    void hedgesCountAsTries() {
        Workers workers = new Workers(RemoteOptions.of("a:1", "b:1", "c:1").withTries(2));
        Tries tries = new Tries(1);
        for (String name : new String[] {"a:1", "b:1", "c:1"}) {
            Replica replica = new Replica(workers, name, null);
            workers.add(replica);
            workers.setState(replica, io.grpc.ConnectivityState.READY, io.grpc.Status.OK);
            workers.settle(replica, replica.connection, new ServedModel(Map.of(), "fake", "noise"), null);
        }
        workers.begin(workers.choose(tries), tries);
        workers.begin(workers.choose(tries), tries);
        assertNull(workers.choose(tries));
        assertEquals(2, workers.count(tries));
    }

    @Test
    void aRequestThatTheModelCannotTakeIsNotTriedAgain() throws Exception {
        try (FakeServer bad = new FakeServer(SHAPE, request -> {
            throw io.grpc.Status.INVALID_ARGUMENT.withDescription("time 3.5: must be whole").asRuntimeException();
        }); RemoteDenoiser model = connect(bad)) {
            String message = assertThrows(ModelException.class, () -> assertHalved(model, 2)).getMessage();
            assertTrue(message.contains("after 1 try") && message.contains("time 3.5: must be whole"), message);
            assertEquals(1, bad.asked.get());
        }
    }

    @Test
    void whatNobodyWaitsForAnyMoreEndsAtOnce() throws Exception {
        try (FakeServer silent = new FakeServer(SHAPE, request -> null); RemoteDenoiser model = connect(silent)) {
            long begun = System.nanoTime();
            assertThrows(UnwantedException.class, () -> HalvedRows.evaluate(model, 4, begun + 100_000_000));
            assertTrue(System.nanoTime() - begun < 2_000_000_000L);
        }
    }

    @Test
    void aCallEndsWhenNoWorkerIsLeft() throws Exception {
        FakeServer silent = new FakeServer(SHAPE, request -> null);
        String address = silent.address();
        try (RemoteDenoiser model = RemoteDenoiser.connect(CARD,
                RemoteOptions.of(address).withPatience(Duration.ofMillis(500)))) {
            new Thread(() -> {
                LockSupport.parkNanos(200_000_000);
                silent.close();
            }).start();
            String message = assertThrows(ModelException.class, () -> assertHalved(model)).getMessage();
            assertTrue(message.contains("no worker is left: worker " + address)
                    || message.contains("were given up"), message);
        }
    }

    private static RemoteDenoiser connect(FakeServer... servers) throws IOException {
        return RemoteDenoiser.connect(CARD, RemoteOptions.of(Arrays.stream(servers).map(FakeServer::address).toList())
                .withChunkRows(2));
    }

    private static void assertHalved(RemoteDenoiser model) {
        assertHalved(model, ROWS);
    }

    private static void assertHalved(RemoteDenoiser model, int rows) {
        HalvedRows.evaluate(model, rows);
    }
}

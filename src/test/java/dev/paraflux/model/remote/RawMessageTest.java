package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.Lifetime;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.remote.protocol.ModelInferRequest;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages with raw tensors are those of the protocol's own generated code; what is none is refused, and harms nobody. */
class RawMessageTest {
    private static final int ROWS = 3;
    private static final ModelCard CARD = ToyBackend.card(2, 3);
    private static final ModelTensors TENSORS = new ModelTensors(CARD);

    private final Lifetime lifetime = new Lifetime("RawMessageTest");
    private long before;
    private ServerRows.Pool pool;

    @BeforeEach
    void open() {
        before = NativeMemory.allocatedBytes();
        pool = new ServerRows.Pool(CARD, TENSORS, lifetime);
    }

    @AfterEach
    void nothingIsLeft() {
        pool.close();
        lifetime.close();
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private static ByteBuffer bytes(int count, int from) {
        byte[] bytes = new byte[count];
        for (int k = 0; k < count; k++) {
            bytes[k] = (byte) (from + k);
        }
        return ByteBuffer.wrap(bytes);
    }

    private static byte[] message() throws Exception {
        RawStream stream = new RawStream(new RowGuard(), TENSORS.requestHead("toy", "", "", ROWS),
                ModelTensors.RAW_INPUTS, bytes(ROWS * 24, 1), bytes(ROWS * 4, 2), bytes(ROWS * 8, 3));
        int length = stream.available();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(length, stream.drainTo(out));
        assertEquals(length, out.size());
        return out.toByteArray();
    }

    @Test
    void itIsTheMessageOfTheGeneratedCode() throws Exception {
        ModelInferRequest request = ModelInferRequest.parseFrom(message());
        assertEquals(3, request.getInputsCount());
        assertEquals("x", request.getInputs(0).getName());
        assertArrayEquals(bytes(ROWS * 24, 1).array(), request.getRawInputContents(0).toByteArray());
        assertArrayEquals(bytes(ROWS * 8, 3).array(), request.getRawInputContents(2).toByteArray());
        assertArrayEquals(message(), request.toByteArray());
    }

    @Test
    void itsTensorsComeToTheirRows() throws Exception {
        InferRequest request = read(message());
        assertNull(request.refusal());
        assertEquals(ROWS, request.rows().count());
        byte[] states = new byte[ROWS * 24];
        request.rows().bytes(0).get(states);
        assertArrayEquals(bytes(ROWS * 24, 1).array(), states);
        request.close();
    }

    @Test
    void whatIsReadWhenTheRowsAreTheirOwnersAgainIsZeros() throws Exception {
        RowGuard guard = new RowGuard();
        RawStream stream = new RawStream(guard, new byte[0], ModelTensors.RAW_OUTPUTS, bytes(100, 1));
        guard.release();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        stream.drainTo(out);
        assertArrayEquals(new byte[100], Arrays.copyOfRange(out.toByteArray(), 2, 102));
        assertNull(guard.hold(() -> "touched"));
    }

    @Test
    void whatIsCutOffOrChangedIsRefusedOrServed() throws Exception {
        byte[] whole = message();
        Random random = new Random(1);
        int refused = 0;
        for (int k = 0; k < 20_000; k++) {
            byte[] changed = random.nextBoolean() ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int c = random.nextInt(3); c >= 0 && changed.length > 0; c--) {
                changed[random.nextInt(Math.min(changed.length, 100))] = (byte) random.nextInt();
            }
            InferRequest request = read(changed);
            if (request.refusal() != null) {
                refused++;
                assertNotNull(request.refusal().getDescription());
                assertTrue(request.refusal().getCode() == Status.Code.INVALID_ARGUMENT
                        || request.refusal().getCode() == Status.Code.NOT_FOUND, request.refusal().toString());
            }
            request.close();
        }
        assertTrue(refused > 15_000, refused + " refused");
    }

    /** However many rows it says that it has: memory is taken for what it may have. */
    @Test
    void moreRowsThanCanBeServedAreRefused() {
        byte[] huge = TENSORS.requestHead("toy", "", "", Integer.MAX_VALUE);
        InferRequest request = read(huge);
        assertTrue(request.refusal().getDescription().contains("it has 2147483647 rows: must be 1 to "),
                request.refusal().toString());
    }

    /** However many requests there are: of all together no more than may be held. */
    @Test
    void requestsShareTheMemoryThatTheyMayHave() throws Exception {
        try (ServerRows.Pool small = new ServerRows.Pool(CARD, TENSORS, lifetime, 8 * TENSORS.rowBytes())) {
            ServerRows first = small.take(2);
            ServerRows second = small.take(6);
            assertNull(small.take(1));
            small.giveBack(second);
            // What nobody uses makes room.
            ServerRows third = small.take(1);
            small.giveBack(first);
            small.giveBack(third);
            small.giveBack(small.take(8));
            small.giveBack(small.take(9));
        }
    }

    /** As gRPC throws where a message is packed, and too large when it is unpacked. */
    @Test
    void rowsComeBackWhenAMessageCannotBeReadToItsEnd() throws Exception {
        byte[] whole = message();
        for (int k = 0; k < 100; k++) {
            InputStream failing = new FilterInputStream(new ByteArrayInputStream(whole, 0, whole.length - 1)) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int count = super.read(into, offset, length);
                    if (count < length) {
                        throw Status.RESOURCE_EXHAUSTED.withDescription("it is too large").asRuntimeException();
                    }
                    return count;
                }
            };
            InferRequest request = InferRequest.read(failing, pool, TENSORS, "toy");
            assertEquals("it is too large", request.refusal().getDescription());
            assertNull(request.rows());
        }
    }

    private InferRequest read(byte[] message) {
        return InferRequest.read(new ByteArrayInputStream(message), pool, TENSORS, "toy");
    }
}

package dev.paraflux.model.remote;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.paraflux.check.Reason;
import dev.paraflux.model.remote.protocol.ModelInferRequest;
import dev.paraflux.model.remote.protocol.ModelInferRequest.InferInputTensor;
import dev.paraflux.model.remote.protocol.ModelInferRequest.InferRequestedOutputTensor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * A request that has come in, its tensors in rows of the server's. What cannot be served is refused before any memory is
 * taken for it.
 */
final class InferRequest {
    private final ServerRows.Pool pool;
    private final ModelTensors tensors;
    private final String model;
    private String id = "";
    private Status refusal;
    private ServerRows rows;
    private int[] order;
    private int filled;

    /** Why a request is refused. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final transient Status status;

        Refused(Status.Code code, String why) {
            super(why);
            status = code.toStatus().withDescription(why);
        }
    }

    private InferRequest(ServerRows.Pool pool, ModelTensors tensors, String model) {
        this.pool = pool;
        this.tensors = tensors;
        this.model = model;
    }

    /** Reads a request; never throws. */
    static InferRequest read(InputStream in, ServerRows.Pool pool, ModelTensors tensors, String model) {
        InferRequest request = new InferRequest(pool, tensors, model);
        try {
            byte[] head = RawReader.read(in, ModelTensors.RAW_INPUTS, request::room);
            request.requireWhole(head);
        } catch (Refused e) {
            request.refuse(e.status);
        } catch (IOException e) {
            request.refuse(Status.INVALID_ARGUMENT.withDescription("it is no request: " + e.getMessage()));
        } catch (StatusRuntimeException e) {
            // gRPC's own, of a message that cannot be unpacked, for example.
            request.refuse(e.getStatus());
        } catch (RuntimeException e) {
            request.refuse(Status.INTERNAL.withDescription(Reason.of(e)));
        } catch (OutOfMemoryError e) {
            request.refuse(Status.RESOURCE_EXHAUSTED.withDescription("there is no memory for it: " + e.getMessage()));
        }
        return request;
    }

    private void refuse(Status status) {
        refusal = status;
        close();
    }

    private ByteBuffer room(int number, long length, byte[] before) throws IOException {
        if (rows == null) {
            begin(before);
        }
        if (number >= order.length) {
            throw illegal("it has more raw tensors than inputs");
        }
        ByteBuffer room = rows.bytes(order[number]);
        if (length != room.remaining()) {
            throw illegal("raw tensor " + number + " has " + length + " bytes: must be " + room.remaining()
                    + ", as its input's shape says");
        }
        filled++;
        return room;
    }

    private static Refused illegal(String why) {
        return new Refused(Status.Code.INVALID_ARGUMENT, why);
    }

    /** Takes rows for a request whose inputs are as they must be. */
    private void begin(byte[] head) throws IOException {
        ModelInferRequest request = parsed(head);
        id = request.getId();
        if (!request.getModelName().equals(model)) {
            throw new Refused(Status.Code.NOT_FOUND, "model " + request.getModelName() + " is not served here: must be "
                    + model);
        }
        for (InferRequestedOutputTensor output : request.getOutputsList()) {
            if (!output.getName().equals(ModelTensors.ANSWER)) {
                throw illegal("output " + output.getName() + ": must be " + ModelTensors.ANSWER);
            }
        }
        int count = rows(request);
        order = new int[request.getInputsCount()];
        Set<String> seen = new HashSet<>();
        for (int k = 0; k < order.length; k++) {
            order[k] = numberOf(request.getInputs(k), count);
            seen.add(request.getInputs(k).getName());
        }
        if (order.length != tensors.inputs().size() || seen.size() != order.length) {
            throw illegal("its inputs are " + seen + ": must be each of "
                    + tensors.inputs().stream().map(ModelTensors.Tensor::name).toList() + " once");
        }
        rows = pool.take(count);
        if (rows == null) {
            throw new Refused(Status.Code.RESOURCE_EXHAUSTED, "there are too many requests in hand");
        }
    }

    private static ModelInferRequest parsed(byte[] head) throws IOException {
        try {
            return ModelInferRequest.parseFrom(head);
        } catch (InvalidProtocolBufferException e) {
            throw illegal("it is no request: " + e.getMessage());
        }
    }

    private int rows(ModelInferRequest request) throws IOException {
        long count = request.getInputsCount() == 0 || request.getInputs(0).getShapeCount() == 0 ? 0
                : request.getInputs(0).getShape(0);
        if (count < 1 || count > pool.mostRows()) {
            throw illegal("it has " + count + " rows: must be 1 to " + pool.mostRows());
        }
        return (int) count;
    }

    private int numberOf(InferInputTensor input, int count) throws IOException {
        ModelTensors.Tensor tensor = tensors.input(input.getName());
        if (tensor == null) {
            throw illegal("it has input " + input.getName() + ": must be one of "
                    + tensors.inputs().stream().map(ModelTensors.Tensor::name).toList());
        }
        if (!tensor.is(input.getDatatype(), input.getShapeList(), count)) {
            throw illegal("its input " + input.getName() + " is " + input.getDatatype() + " " + input.getShapeList()
                    + ": must be " + tensor + ", of " + count + " rows");
        }
        return tensors.inputs().indexOf(tensor);
    }

    private void requireWhole(byte[] head) throws IOException {
        if (rows == null) {
            begin(head);
        }
        if (filled != order.length) {
            throw illegal(
                    "it has " + filled + " raw tensors: must be " + order.length + ", one an input; contents by type"
                            + " are not taken here");
        }
    }

    /** Why it cannot be served, or null. */
    Status refusal() {
        return refusal;
    }

    /** What the sender calls it. */
    String id() {
        return id;
    }

    /** Its rows, until it is closed. */
    ServerRows rows() {
        return rows;
    }

    /** Gives the rows back. A second call does nothing. */
    synchronized void close() {
        if (rows != null) {
            pool.giveBack(rows);
            rows = null;
        }
    }
}

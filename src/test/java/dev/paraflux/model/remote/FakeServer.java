package dev.paraflux.model.remote;

import com.google.protobuf.ByteString;
import dev.paraflux.model.remote.protocol.GRPCInferenceServiceGrpc;
import dev.paraflux.model.remote.protocol.ModelInferRequest;
import dev.paraflux.model.remote.protocol.ModelInferResponse;
import dev.paraflux.model.remote.protocol.ModelMetadataRequest;
import dev.paraflux.model.remote.protocol.ModelMetadataResponse;
import dev.paraflux.model.remote.protocol.ModelMetadataResponse.TensorMetadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A server of the protocol that has nothing of ours but the published messages, as other model servers do: what it answers,
 * a test says.
 */
final class FakeServer extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase implements AutoCloseable {
    /** Requests for rows that have come in. */
    final AtomicInteger asked = new AtomicInteger();
    private final Function<ModelInferRequest, ModelInferResponse> answers;
    private final List<Long> shape;
    private final Server server;

    /**
     * Begins to answer.
     *
     * @param shape   of a row
     * @param answers what it answers; a null is no answer, ever
     */
    FakeServer(List<Long> shape, Function<ModelInferRequest, ModelInferResponse> answers) {
        this.shape = shape;
        this.answers = answers;
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(this).build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "localhost:" + server.getPort();
    }

    private static TensorMetadata tensor(String name, String type, Long... sizes) {
        return TensorMetadata.newBuilder().setName(name).setDatatype(type).addAllShape(Arrays.asList(sizes)).build();
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answer) {
        Long[] sizes = new Long[1 + shape.size()];
        Arrays.fill(sizes, -1L);
        for (int k = 0; k < shape.size(); k++) {
            sizes[1 + k] = shape.get(k);
        }
        answer.onNext(ModelMetadataResponse.newBuilder().setName(request.getName()).setPlatform("fake")
                .addInputs(tensor("label", "INT64", -1L)).addInputs(tensor("t", "FP32", -1L))
                .addInputs(tensor("x", "FP32", sizes)).addOutputs(tensor("noise", "FP32", sizes)).build());
        answer.onCompleted();
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> answer) {
        asked.incrementAndGet();
        try {
            ModelInferResponse response = answers.apply(request);
            if (response != null) {
                answer.onNext(response);
                answer.onCompleted();
            }
        } catch (RuntimeException e) {
            answer.onError(Status.fromThrowable(e).asRuntimeException());
        }
    }

    /** Half of x: a right answer. */
    static ModelInferResponse half(ModelInferRequest request) {
        return answer(request, "FP32", request.getInputs(0).getShapeList(), value -> 0.5f * value);
    }

    /** Something of x, said to be of a type and a shape. */
    static ModelInferResponse answer(ModelInferRequest request, String type, List<Long> shape,
            Function<Float, Float> of) {
        java.nio.ByteBuffer from = request.getRawInputContents(0).asReadOnlyByteBuffer()
                .order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int values = (int) shape.stream().mapToLong(Long::longValue).reduce(1, (all, size) -> all * size);
        java.nio.ByteBuffer into = java.nio.ByteBuffer.allocate(values * Float.BYTES)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int k = 0; k < values; k++) {
            into.putFloat(of.apply(k < from.remaining() / Float.BYTES ? from.getFloat(k * Float.BYTES) : 0));
        }
        return ModelInferResponse.newBuilder().setModelName(request.getModelName())
                .addOutputs(ModelInferResponse.InferOutputTensor.newBuilder().setName("noise").setDatatype(type)
                        .addAllShape(shape))
                .addRawOutputContents(ByteString.copyFrom(into.array())).build();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.paraflux.model.remote;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.UnwantedException;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.remote.protocol.GRPCInferenceServiceGrpc;
import dev.paraflux.model.remote.protocol.ModelMetadataRequest;
import dev.paraflux.model.remote.protocol.ModelMetadataResponse;
import dev.paraflux.model.remote.protocol.ModelReadyRequest;
import dev.paraflux.model.remote.protocol.ModelReadyResponse;
import dev.paraflux.model.remote.protocol.ServerLiveResponse;
import dev.paraflux.model.remote.protocol.ServerMetadataResponse;
import dev.paraflux.model.remote.protocol.ServerReadyResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The service of the protocol, for one model. */
final class InferenceService {
    private static final String PLATFORM = "paraflux";

    private final PretrainedDenoiser model;
    private final ModelTensors tensors;
    private final ServerRows.Pool pool;
    private final Executor evaluating;
    private final String name;
    private final Map<String, String> properties;

    /** @param evaluating runs the model; all else is quick, and done by the network's threads */
    InferenceService(PretrainedDenoiser model, ModelTensors tensors, ServerRows.Pool pool, Executor evaluating) {
        this.evaluating = evaluating;
        this.model = model;
        this.tensors = tensors;
        this.pool = pool;
        name = model.card().name();
        // Once: the model would have the network's threads wait while it evaluates.
        properties = ServedModel.properties(model);
    }

    ServerServiceDefinition definition() {
        MethodDescriptor<InferRequest, RawStream> infer = GRPCInferenceServiceGrpc.getModelInferMethod()
                .toBuilder(new Requests(), new Responses()).build();
        return ServerServiceDefinition.builder(GRPCInferenceServiceGrpc.SERVICE_NAME)
                .addMethod(GRPCInferenceServiceGrpc.getServerLiveMethod(), ServerCalls.asyncUnaryCall(
                        (request, answer) -> say(answer, ServerLiveResponse.newBuilder().setLive(true).build())))
                .addMethod(GRPCInferenceServiceGrpc.getServerReadyMethod(), ServerCalls.asyncUnaryCall(
                        (request, answer) -> say(answer, ServerReadyResponse.newBuilder().setReady(true).build())))
                .addMethod(GRPCInferenceServiceGrpc.getModelReadyMethod(),
                        ServerCalls.asyncUnaryCall(this::modelReady))
                .addMethod(GRPCInferenceServiceGrpc.getServerMetadataMethod(), ServerCalls.asyncUnaryCall(
                        (request, answer) -> say(answer,
                                ServerMetadataResponse.newBuilder().setName(PLATFORM).build())))
                .addMethod(GRPCInferenceServiceGrpc.getModelMetadataMethod(),
                        ServerCalls.asyncUnaryCall(this::modelMetadata))
                .addMethod(infer, new Handler())
                .build();
    }

    private static <T> void say(StreamObserver<T> answer, T said) {
        answer.onNext(said);
        answer.onCompleted();
    }

    private void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> answer) {
        say(answer, ModelReadyResponse.newBuilder().setReady(request.getName().equals(name)).build());
    }

    private void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answer) {
        if (!request.getName().equals(name)) {
            answer.onError(Status.NOT_FOUND
                    .withDescription("model " + request.getName() + " is not served here: must be " + name)
                    .asRuntimeException());
            return;
        }
        ModelMetadataResponse.Builder said = ModelMetadataResponse.newBuilder().setName(name).setPlatform(PLATFORM);
        tensors.inputs().forEach(input -> said.addInputs(input.metadata()));
        said.addOutputs(tensors.answer().metadata());
        say(answer, said.putAllProperties(properties).build());
    }

    private final class Requests implements MethodDescriptor.Marshaller<InferRequest> {
        @Override
        public InputStream stream(InferRequest value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public InferRequest parse(InputStream stream) {
            return InferRequest.read(stream, pool, tensors, name);
        }
    }

    private static final class Responses implements MethodDescriptor.Marshaller<RawStream> {
        @Override
        public InputStream stream(RawStream value) {
            return value;
        }

        @Override
        public RawStream parse(InputStream stream) {
            throw new UnsupportedOperationException();
        }
    }

    /** Takes requests for rows in, and has them answered. */
    private final class Handler implements ServerCallHandler<InferRequest, RawStream> {
        @Override
        public ServerCall.Listener<InferRequest> startCall(ServerCall<InferRequest, RawStream> call,
                Metadata headers) {
            call.request(2);
            return new ServerCall.Listener<>() {
                private InferRequest request;

                @Override
                public void onMessage(InferRequest message) {
                    if (request != null) {
                        message.close();
                        return;
                    }
                    request = message;
                    begin();
                }

                /** Whoever sends no more is not waited for: it would hold rows for as long as it likes. */
                private void begin() {
                    try {
                        evaluating.execute(() -> answer(call, request));
                    } catch (RejectedExecutionException e) {
                        // The server is being closed, and its calls with it.
                        request.close();
                    }
                }

                @Override
                public void onHalfClose() {
                    if (request == null) {
                        call.close(Status.INVALID_ARGUMENT.withDescription("it has no request"), new Metadata());
                    }
                }
            };
        }
    }

    private void answer(ServerCall<InferRequest, RawStream> call, InferRequest request) {
        try {
            Status refusal = request.refusal() != null ? request.refusal() : evaluate(call, request);
            if (refusal != null) {
                call.close(refusal, new Metadata());
                return;
            }
            ServerRows rows = request.rows();
            call.sendHeaders(new Metadata());
            // The message is copied to the network's buffers before this returns.
            call.sendMessage(new RawStream(new RowGuard(), tensors.responseHead(name, request.id(), rows.count()),
                    ModelTensors.RAW_OUTPUTS, rows.prediction()));
            call.close(Status.OK, new Metadata());
        } catch (IllegalStateException e) {
            // It was cancelled between: nobody is there to be answered.
        } finally {
            request.close();
        }
    }

    /** Why it has failed, or null. */
    private Status evaluate(ServerCall<?, ?> call, InferRequest request) {
        try {
            request.rows().evaluate(model, call::isCancelled);
            return null;
        } catch (IllegalValueException e) {
            return Status.INVALID_ARGUMENT.withDescription(e.getMessage());
        } catch (UnwantedException e) {
            return Status.CANCELLED.withDescription(e.getMessage());
        } catch (ModelException e) {
            return Status.INTERNAL.withDescription(e.getMessage());
        } catch (OutOfMemoryError e) {
            return Status.RESOURCE_EXHAUSTED.withDescription(Reason.of(e));
        } catch (RuntimeException | Error e) {
            return Status.INTERNAL.withDescription(Reason.of(e)).withCause(e);
        }
    }
}

package dev.paraflux.model.remote;

import dev.paraflux.model.Batch;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.remote.protocol.GRPCInferenceServiceGrpc;
import dev.paraflux.model.remote.protocol.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.concurrent.TimeUnit;

/**
 * One request for a chunk of rows: read from where they lie, answered to where their predictions go. gRPC tries it at
 * several workers, if it must.
 */
final class ChunkCall {
    private static final int EXPONENT = 0x7f800000;
    private static final int EXPONENT_ONE = 0x00800000;
    private static final ThreadLocal<int[]> PIECES = ThreadLocal.withInitial(() -> new int[1 << 13]);

    private static final MethodDescriptor.Marshaller<ChunkCall> REQUESTS = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(ChunkCall call) {
            return new RawStream(call.guard, call.head, ModelTensors.RAW_INPUTS, call.inputs);
        }

        @Override
        public ChunkCall parse(InputStream stream) {
            throw new UnsupportedOperationException();
        }
    };

    private final RowGuard guard = new RowGuard();
    private final ModelTensors tensors;
    private final int rows;
    private final byte[] head;
    private final ByteBuffer[] inputs;
    private final ByteBuffer prediction;
    private final boolean takesAll;
    private final Tries tries;
    private ClientCall<ChunkCall, Boolean> call;
    private boolean cancelled;
    /** When an answer has begun to come in; 0 before, and once it is cancelled. */
    private volatile long answering;

    /** Is told the end of a call. */
    interface Listener {
        /** @param status OK if the predictions are there */
        void done(ChunkCall call, Status status);
    }

    /** An answer that cannot be taken. */
    static final class BadAnswer extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadAnswer(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Of some rows of a batch that is held.
     *
     * @param first     of the rows
     * @param head      the request without its tensors
     * @param arguments times and conditions of the rows, set
     * @param takesAll  whether values that are not finite are taken for what the model answers
     */
    ChunkCall(ModelTensors tensors, Batch batch, int first, byte[] head, Arguments arguments, boolean takesAll,
            Tries tries) {
        this.tensors = tensors;
        this.head = head;
        this.takesAll = takesAll;
        this.tries = tries;
        rows = tries.rows();
        inputs = new ByteBuffer[tensors.inputs().size()];
        inputs[0] = batch.states().bytes(batch.stateRow(first), rows);
        inputs[1] = arguments.timeBytes().slice(0, rows * Float.BYTES);
        for (int k = 2; k < inputs.length; k++) {
            inputs[k] = arguments.values(k - 2).slice(0, rows * tensors.inputs().get(k).bytes());
        }
        prediction = batch.predictions().bytes(batch.predictionRow(first), rows);
    }

    Tries tries() {
        return tries;
    }

    /**
     * Sends it, unless it has been cancelled.
     *
     * @throws RuntimeException if it is cancelled meanwhile
     */
    void start(ManagedChannel channel, long deadlineNanos, Listener listener) {
        MethodDescriptor<ChunkCall, Boolean> method = GRPCInferenceServiceGrpc.getModelInferMethod()
                .toBuilder(REQUESTS, new Answers()).build();
        ClientCall<ChunkCall, Boolean> begun = channel.newCall(method, CallOptions.DEFAULT.withOption(Tries.KEY, tries)
                .withDeadlineAfter(deadlineNanos, TimeUnit.NANOSECONDS));
        synchronized (this) {
            if (cancelled) {
                return;
            }
            call = begun;
        }
        begun.start(new ClientCall.Listener<>() {
            private boolean answered;

            @Override
            public void onHeaders(Metadata headers) {
                answering = System.nanoTime();
            }

            @Override
            public void onMessage(Boolean written) {
                answered = written;
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                listener.done(ChunkCall.this,
                        status.isOk() && !answered ? Status.INTERNAL.withDescription("it answers nothing") : status);
            }
        }, new Metadata());
        begun.request(2);
        begun.sendMessage(this);
        begun.halfClose();
    }

    /**
     * Whether an answer has begun to come in, and nothing more has come for some time. gRPC asks nobody else once it has
     * begun.
     */
    boolean isStuck(long now, long nanos) {
        long begun = answering;
        return begun != 0 && now - begun > nanos && now - tries.heard() > nanos;
    }

    /** Ends it, or has it not begin; from now on it touches no row. */
    void cancel(String why) {
        guard.release();
        answering = 0;
        ClientCall<ChunkCall, Boolean> begun;
        synchronized (this) {
            cancelled = true;
            begun = call;
        }
        if (begun != null) {
            begun.cancel(why, null);
        }
    }

    /** It has ended: from now on it touches no row. */
    void release() {
        guard.release();
    }

    private final class Answers implements MethodDescriptor.Marshaller<Boolean> {
        @Override
        public InputStream stream(Boolean value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Boolean parse(InputStream stream) {
            try {
                return Boolean.TRUE.equals(guard.hold(() -> {
                    take(stream);
                    return true;
                }));
            } catch (IOException e) {
                throw new BadAnswer("it answers what is none: " + e.getMessage());
            }
        }
    }

    private void take(InputStream stream) throws IOException {
        boolean[] written = new boolean[1];
        byte[] others = RawReader.read(stream, ModelTensors.RAW_OUTPUTS, (number, length, before) -> {
            if (number > 0) {
                return null;
            }
            if (length != prediction.remaining()) {
                String fault = tensors.fault(ModelInferResponse.parseFrom(before), rows);
                throw new BadAnswer(fault != null ? fault
                        : "it answers " + length + " bytes: must be " + prediction.remaining());
            }
            written[0] = true;
            return prediction.duplicate();
        });
        String fault = tensors.fault(ModelInferResponse.parseFrom(others), rows);
        if (fault == null && !written[0]) {
            fault = "it answers no raw tensor";
        }
        if (fault != null) {
            throw new BadAnswer(fault);
        }
        if (!takesAll && !isFinite()) {
            throw new BadAnswer("it answers values that are not finite");
        }
    }

    /** An exponent of ones alone, of infinities and NaNs, runs over into the bit of the sign when one is added to it. */
    private boolean isFinite() {
        IntBuffer values = prediction.duplicate().order(prediction.order()).asIntBuffer();
        int[] piece = PIECES.get();
        int found = 0;
        while (values.hasRemaining()) {
            int count = Math.min(piece.length, values.remaining());
            values.get(piece, 0, count);
            for (int k = 0; k < count; k++) {
                found |= (piece[k] & EXPONENT) + EXPONENT_ONE;
            }
        }
        return found >= 0;
    }
}

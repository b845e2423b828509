package dev.paraflux.model.remote;

import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.Metadata;
import io.grpc.Status;

/** One worker: its connection, whether it is trusted, and how fast it is. Guarded by its {@link Workers}. */
final class Replica {
    /** What is known of a worker. */
    enum Trust {
        /** It has not been asked yet what it serves, since it cannot be reached. */
        UNKNOWN,
        /** It serves the model. */
        GIVEN,
        /** It serves something else, or refuses to. */
        REFUSED
    }

    final String address;
    final Subchannel subchannel;
    final Speed speed = new Speed();
    private final Workers workers;
    ConnectivityState state = ConnectivityState.IDLE;
    Trust trust = Trust.UNKNOWN;
    /** Counts connections, so that what an old one has said is not taken for the new one's. */
    int connection;
    ServedModel served;
    String trouble = "it has not answered yet";

    Replica(Workers workers, String address, Subchannel subchannel) {
        this.workers = workers;
        this.address = address;
        this.subchannel = subchannel;
    }

    /** Whether rows can be sent to it. */
    boolean isReady() {
        return state == ConnectivityState.READY && trust == Trust.GIVEN;
    }

    /** Whether it is known what becomes of it. */
    boolean isSettled() {
        return isReady() || trust == Trust.REFUSED || state == ConnectivityState.TRANSIENT_FAILURE;
    }

    /** Follows a try of a chunk from the time it is sent. */
    ClientStreamTracer.Factory tracer(Tries tries) {
        return new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
                long begun = System.nanoTime();
                workers.begin(Replica.this, tries);
                return new ClientStreamTracer() {
                    @Override
                    public void inboundWireSize(long bytes) {
                        tries.hear();
                    }

                    @Override
                    public void streamClosed(Status status) {
                        workers.end(Replica.this, tries, begun, status);
                    }
                };
            }
        };
    }

    @Override
    public String toString() {
        return address;
    }
}

package dev.paraflux.model.remote;

import dev.paraflux.model.remote.protocol.GRPCInferenceServiceGrpc;
import dev.paraflux.model.remote.protocol.ModelMetadataRequest;
import dev.paraflux.model.remote.protocol.ModelMetadataResponse;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * gRPC's part that connects to the workers and gives each call to one of them: to whom, {@link Workers} says. A worker is
 * asked what it serves each time it has been connected to, and is sent no rows before.
 */
final class SpeedBalancer extends LoadBalancer {
    private static final long ANSWER_SECONDS = 10;

    private final Helper helper;
    private final Map<EquivalentAddressGroup, Replica> replicas = new HashMap<>();
    private Workers workers;
    private Greeting greeting;

    SpeedBalancer(Helper helper) {
        this.helper = helper;
    }

    @Override
    public Status acceptResolvedAddresses(ResolvedAddresses resolved) {
        workers = resolved.getAttributes().get(Workers.ATTRIBUTE);
        greeting = resolved.getAttributes().get(Greeting.ATTRIBUTE);
        workers.repickBy(() -> helper.getSynchronizationContext().execute(this::repick));
        Set<EquivalentAddressGroup> here = new HashSet<>(resolved.getAddresses());
        for (EquivalentAddressGroup address : here) {
            replicas.computeIfAbsent(address, this::connect);
        }
        Set<EquivalentAddressGroup> gone = new HashSet<>(replicas.keySet());
        gone.removeAll(here);
        for (EquivalentAddressGroup address : gone) {
            Replica replica = replicas.remove(address);
            workers.remove(replica);
            replica.subchannel.shutdown();
        }
        repick();
        return Status.OK;
    }

    private Replica connect(EquivalentAddressGroup address) {
        Subchannel subchannel = helper
                .createSubchannel(CreateSubchannelArgs.newBuilder().setAddresses(address).build());
        String name = address.getAttributes().get(WorkersResolver.NAME);
        Replica replica = new Replica(workers, name, subchannel);
        workers.add(replica);
        subchannel.start(state -> follow(replica, state));
        subchannel.requestConnection();
        return replica;
    }

    private void follow(Replica replica, ConnectivityStateInfo state) {
        if (state.getState() == ConnectivityState.SHUTDOWN) {
            return;
        }
        int before = replica.connection;
        workers.setState(replica, state.getState(), state.getStatus());
        if (replica.connection != before) {
            ask(replica);
        } else if (state.getState() == ConnectivityState.IDLE) {
            replica.subchannel.requestConnection();
        }
        if (state.getState() == ConnectivityState.TRANSIENT_FAILURE || state.getState() == ConnectivityState.IDLE) {
            helper.refreshNameResolution();
        }
        repick();
    }

    /** Asks a worker what it serves. */
    private void ask(Replica replica) {
        int connection = replica.connection;
        ModelMetadataRequest request = ModelMetadataRequest.newBuilder().setName(greeting.service()).build();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
        ClientCalls.asyncUnaryCall(replica.subchannel.asChannel().newCall(
                GRPCInferenceServiceGrpc.getModelMetadataMethod(), options), request, new StreamObserver<>() {
                    @Override
                    public void onNext(ModelMetadataResponse said) {
                        settle(replica, connection, said);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        settle(replica, connection, StatusWords.of(Status.fromThrowable(failure)));
                    }

                    @Override
                    public void onCompleted() {}
                });
    }

    private void settle(Replica replica, int connection, ModelMetadataResponse said) {
        String difference = greeting.tensors().difference(said.getInputsList(), said.getOutputsList());
        if (difference != null) {
            settle(replica, connection, difference);
            return;
        }
        try {
            ServedModel model = ServedModel.of(said);
            model.identity(greeting.service());
            workers.settle(replica, connection, model, null);
            helper.getSynchronizationContext().execute(this::repick);
        } catch (RuntimeException e) {
            settle(replica, connection, "it tells properties that are none: " + e.getMessage());
        }
    }

    private void settle(Replica replica, int connection, String trouble) {
        workers.settle(replica, connection, null, trouble);
        helper.getSynchronizationContext().execute(this::repick);
    }

    /** Has calls that wait for a worker be given to one, if there is one now. */
    private void repick() {
        Workers from = workers;
        helper.updateBalancingState(from.ready() > 0 ? ConnectivityState.READY : ConnectivityState.CONNECTING,
                new SubchannelPicker() {
                    @Override
                    public PickResult pickSubchannel(PickSubchannelArgs call) {
                        return pick(from, call);
                    }
                });
    }

    private static PickResult pick(Workers from, PickSubchannelArgs call) {
        Tries tries = call.getCallOptions().getOption(Tries.KEY);
        Replica replica = from.choose(tries);
        return replica == null ? PickResult.withNoResult()
                : PickResult.withSubchannel(replica.subchannel, replica.tracer(tries));
    }

    @Override
    public void handleNameResolutionError(Status error) {
        if (workers != null) {
            workers.setUnresolved(StatusWords.of(error));
        }
    }

    @Override
    public void shutdown() {
        replicas.values().forEach(replica -> replica.subchannel.shutdown());
        replicas.clear();
    }
}

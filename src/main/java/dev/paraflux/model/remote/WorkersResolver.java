package dev.paraflux.model.remote;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Tells gRPC the addresses of the workers, as often as it asks, and its policies for calls: {@link CallPolicies}. A name
 * that cannot be resolved is passed over as long as there are others.
 */
final class WorkersResolver extends NameResolver {
    /** What a worker is called in messages. */
    static final Attributes.Key<String> NAME = Attributes.Key.create("paraflux.name");

    private final Args args;
    private final Workers workers;
    private final Greeting greeting;
    private final CallPolicies policies;
    private Listener2 listener;
    private boolean resolving;
    private boolean shutdown;

    WorkersResolver(Args args) {
        this.args = args;
        workers = args.getArg(Workers.ARGUMENT);
        greeting = args.getArg(Greeting.ARGUMENT);
        policies = args.getArg(CallPolicies.ARGUMENT);
    }

    @Override
    public String getServiceAuthority() {
        return workers.options().workers().get(0);
    }

    @Override
    public void start(Listener2 told) {
        listener = told;
        policies.onChange(() -> args.getSynchronizationContext().execute(this::refresh));
        refresh();
    }

    @Override
    public void refresh() {
        if (resolving || shutdown) {
            return;
        }
        resolving = true;
        Executor executor = args.getOffloadExecutor();
        Runnable resolve = () -> {
            List<EquivalentAddressGroup> found = new ArrayList<>();
            StringBuilder missing = new StringBuilder();
            for (String worker : workers.options().workers()) {
                try {
                    resolve(worker, found);
                } catch (UnknownHostException e) {
                    missing.append(missing.length() == 0 ? "" : ", ").append(RemoteOptions.address(worker).host());
                }
            }
            args.getSynchronizationContext().execute(() -> tell(found, missing.toString()));
        };
        if (executor == null) {
            resolve.run();
        } else {
            executor.execute(resolve);
        }
    }

    private static void resolve(String worker, List<EquivalentAddressGroup> found) throws UnknownHostException {
        HostPort where = RemoteOptions.address(worker);
        InetAddress[] all = InetAddress.getAllByName(where.host());
        for (InetAddress address : all) {
            String name = all.length == 1 ? worker : worker + " (" + address.getHostAddress() + ")";
            // Certificates are for the name that was given.
            found.add(new EquivalentAddressGroup(new InetSocketAddress(address, where.port()), Attributes.newBuilder()
                    .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, worker).set(NAME, name).build()));
        }
    }

    private void tell(List<EquivalentAddressGroup> found, String missing) {
        resolving = false;
        if (shutdown) {
            return;
        }
        String why = missing.isEmpty() ? null : "no address is known for " + missing;
        workers.setUnresolved(why);
        if (found.isEmpty()) {
            listener.onResult2(ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromStatus(Status.UNAVAILABLE.withDescription(why))).build());
            return;
        }
        Map<String, ?> config = policies.config();
        listener.onResult2(ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(distinct(found)))
                .setAttributes(Attributes.newBuilder().set(Workers.ATTRIBUTE, workers)
                        .set(Greeting.ATTRIBUTE, greeting).build())
                .setServiceConfig(args.getServiceConfigParser().parseServiceConfig(config)).build());
    }

    /** Two names can stand for one address. */
    private static List<EquivalentAddressGroup> distinct(List<EquivalentAddressGroup> found) {
        List<EquivalentAddressGroup> result = new ArrayList<>();
        for (EquivalentAddressGroup one : found) {
            if (result.stream().noneMatch(other -> other.getAddresses().equals(one.getAddresses()))) {
                result.add(one);
            }
        }
        return result;
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }
}

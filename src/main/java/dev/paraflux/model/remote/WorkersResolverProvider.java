package dev.paraflux.model.remote;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.Set;

/** Makes {@link WorkersResolver}s for channels to targets of its scheme. */
final class WorkersResolverProvider extends NameResolverProvider {
    static final String SCHEME = "paraflux-workers";

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return SCHEME.equals(target.getScheme()) ? new WorkersResolver(args) : null;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return Set.of(InetSocketAddress.class);
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    /** Below that of gRPC's own, whose scheme stays the default. */
    @Override
    protected int priority() {
        return 0;
    }
}

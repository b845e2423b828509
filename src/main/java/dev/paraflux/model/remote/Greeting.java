package dev.paraflux.model.remote;

import io.grpc.Attributes;
import io.grpc.NameResolver;

/**
 * What a worker is asked when it is connected to.
 *
 * @param service what it calls the model
 * @param tensors that the model must have
 */
record Greeting(String service, ModelTensors tensors) {
    static final NameResolver.Args.Key<Greeting> ARGUMENT = NameResolver.Args.Key.create("paraflux.greeting");
    static final Attributes.Key<Greeting> ATTRIBUTE = Attributes.Key.create("paraflux.greeting");
}

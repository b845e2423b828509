/**
 * Models on other machines, by the Open Inference Protocol over gRPC: {@link dev.paraflux.model.remote.RemoteDenoiser} has
 * rows evaluated by the replicas of a service, {@link dev.paraflux.model.remote.DenoiserServer} serves a model to it.
 */
package dev.paraflux.model.remote;

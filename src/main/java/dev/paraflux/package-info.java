/**
 * The front door. A {@link dev.paraflux.Sampler} takes a model, a time grid, a solver and a method, and turns
 * {@link dev.paraflux.Request}s into {@link dev.paraflux.Sample}s.
 */
package dev.paraflux;

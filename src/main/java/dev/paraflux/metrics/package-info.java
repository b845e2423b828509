/** What a sampler does, for those who watch services: {@link dev.paraflux.metrics.SamplerMetrics}, for Micrometer. */
package dev.paraflux.metrics;

/**
 * Programs that put the sampler under the load it is made for: many clients, with and without HTTP, and a control loop.
 * Each prints what it found, and fails if that is wrong.
 */
package dev.paraflux.benchmarks.load;

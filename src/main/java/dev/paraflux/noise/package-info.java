/**
 * Noise: the random stream of PyTorch, so that a seed means the same picture in Java and in Python.
 */
package dev.paraflux.noise;

/** Cores that walk along the rows, each from a start of its own: forward substitution, SRDS and CHORDS. */
package dev.paraflux.method.core;

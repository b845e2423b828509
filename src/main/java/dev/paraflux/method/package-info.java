/**
 * What a way to solve the triangular system is, written as rounds: which rows to evaluate next, and what to do with the
 * answers. The ways themselves have rooms of their own, which do not know each other.
 */
package dev.paraflux.method;

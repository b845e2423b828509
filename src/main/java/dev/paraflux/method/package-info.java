/** Ways to solve the triangular system, written as rounds: which rows to evaluate next, and what to do with the answers. */
package dev.paraflux.method;

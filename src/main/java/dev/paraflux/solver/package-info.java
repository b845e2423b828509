/** Solvers as tables of coefficients: a solver, a time grid and what the model predicts make one triangular system. */
package dev.paraflux.solver;

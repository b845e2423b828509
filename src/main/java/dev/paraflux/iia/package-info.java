/**
 * Improved integration approximation: a solver's steps, corrected by vectors that it has already, with factors that are
 * fitted once for a model, a solver and a grid (Zhang, Niwa, Kleijn, arXiv 2304.11328).
 */
package dev.paraflux.iia;

#pragma once

#include "paraflux/common.h"
#include "paraflux/window_residual.h"

#ifdef __cplusplus
extern "C" {
#endif

// What became of a row; counted by the caller.
#define PARAFLUX_ROW_PLAIN 0  // asked to take the plain update, or has fewer than two iterates
#define PARAFLUX_ROW_ACCELERATED 1
#define PARAFLUX_ROW_INDEFINITE 2  // its system is not safely positive definite: plain update
#define PARAFLUX_ROW_NONFINITE 3   // its inner products or its weights are not finite: plain update

// Triangular Anderson acceleration, equation (4), in the space of inner products: tells for every row of a window how
// to combine its last maps G_t, G_{t-1}, ... into its next value,
//
//     x_i = sum over c < counts[i] of weights[8 i + c] * G_{t-c, i}.
//
// With differences dR_c = R_{t-c+1} - R_{t-c} and dG_c = G_{t-c+1} - G_{t-c} (so dG = dX + dR), c = 1 .. counts[i] - 1,
//
//     S_i = sum over rows j <= i of the window of dR_j^T dR_j
//     d_i = sum over rows j <= i of the window of dR_j^T R_j
//     gamma_i = (S_i + ridge I)^{-1} d_i,   solved by Cholesky
//     x_i = G_t - dG gamma_i
//
// A plain row has weights 1, 0, 0, ...: its map itself; it counts in the sums of the rows after it like any other. S_i
// is safely positive definite if every pivot of its factorisation is greater than the rounding errors that the
// differences of inner products may have left in it; else, gamma would be made of these errors. Rows that come later
// have at most as many iterates as rows before them (they entered the window later), so every row uses its newest
// columns, and the rows before it have them too. All in double. Host only: these are a few numbers a row, which the
// host needs anyway.
//
// rows      rows of the window, >= 0
// history   iterates kept, 1..PARAFLUX_MAX_HISTORY
// counts    [rows] iterates the row has, this round's included, 1..history; not rising along the window
// dots      [rows * PARAFLUX_MAX_HISTORY] inner products of this round's R with R_t, R_{t-1}, ... (window_residual.h)
// grams     [rows * PARAFLUX_MAX_HISTORY^2] state: entry 64 i + 8 b + c is the inner product of R_{t-b} with R_{t-c},
//           b, c < history. The call shifts them by one and puts `dots` in front. Contents before a row's first call
//           do not matter
// plain     [rows] not 0: the row takes the plain update
// ridge     >= 0; 1e-3 in the official code
// weights   [rows * PARAFLUX_MAX_HISTORY] result; entries >= counts[i] are 0
// outcomes  [rows] result, PARAFLUX_ROW_*
PARAFLUX_API void paraflux_anderson_weights(int64_t rows, int32_t history, const int32_t* counts, const double* dots,
                                            double* grams, const int32_t* plain, double ridge, double* weights,
                                            int32_t* outcomes);

#ifdef __cplusplus
}
#endif

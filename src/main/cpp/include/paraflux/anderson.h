#pragma once

#include "paraflux/common.h"
#include "paraflux/window_residual.h"

#ifdef __cplusplus
extern "C" {
#endif

// What became of a row; counted by the caller.
#define PARAFLUX_OUTCOME_PLAIN 0  // asked to take the plain update, or has fewer than two iterates
#define PARAFLUX_OUTCOME_ACCELERATED 1
#define PARAFLUX_OUTCOME_INDEFINITE 2  // its system is not safely positive definite: plain update
#define PARAFLUX_OUTCOME_NONFINITE 3   // its inner products or its weights are not finite: plain update

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
// Windows of one call do not know each other; one whose `grams` are 0 is passed over: its rows get no weights.
typedef struct ParafluxWeights {
  int64_t count;                  // windows, >= 0
  const ParafluxWindow* windows;  // [count]; rows >= 0, history 1..PARAFLUX_MAX_HISTORY, ridge >= 0 (1e-3 in the
                                  // official code); grams [rows * PARAFLUX_MAX_HISTORY^2] state: entry 64 i + 8 b + c
                                  // is the inner product of R_{t-b} with R_{t-c}, b, c < history. The call shifts them
                                  // by one and puts `dots` in front. Contents before a row's first call do not matter
  const int32_t* counts;  // [rows of all windows] iterates the row has, this round's included, 1..history; not rising
                          // along a window
  const int32_t* plain;   // [rows of all] not 0: the row takes the plain update
  const double* dots;  // [rows of all * PARAFLUX_MAX_HISTORY] inner products of this round's R with R_t, R_{t-1}, ...
                       // (window_residual.h)
  double* weights;     // [rows of all * PARAFLUX_MAX_HISTORY] result; entries >= counts[i] are 0
  int32_t* outcomes;   // [rows of all] result, PARAFLUX_OUTCOME_*
} ParafluxWeights;

PARAFLUX_API int paraflux_anderson_weights(const ParafluxWeights* call);

#ifdef __cplusplus
}
#endif

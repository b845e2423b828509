#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// Iterates an Anderson history may have, at most.
#define PARAFLUX_MAX_HISTORY 8

// Elements of a tile, and the lanes its sums run in.
#define PARAFLUX_WINDOW_TILE 256
#define PARAFLUX_WINDOW_LANES 32

typedef struct ParafluxWindow {
  int64_t rows;     // >= 0
  int64_t history;  // inner products wanted, 0..PARAFLUX_MAX_HISTORY
  double ridge;     // of its small systems (anderson.h)
  int64_t grams;    // address of its rows' inner products from round to round (anderson.h)
} ParafluxWindow;

typedef struct ParafluxWindowRow {
  int64_t x;                           // address of the row's present value
  int64_t residual;                    // address where R_i goes
  int64_t map;                         // address where G_i goes, or 0 for none
  int64_t parent;                      // index in the window (< i) of the row whose R is carried on, or -1
  double factor;                       // any finite value; ignored without a parent
  int64_t drop;                        // index in the window (< i) of the row whose r leaves the sum, or -1
  double drop_factor;                  // any finite value; ignored without a drop
  int64_t olds[PARAFLUX_MAX_HISTORY];  // addresses of its residuals of earlier rounds, or 0, which gives 0; entries 0
                                       // and >= history are ignored
  ParafluxCombination right;
} ParafluxWindowRow;

#define PARAFLUX_WINDOW_WORDS 4
#define PARAFLUX_WINDOW_ROW_WORDS 34

// Residuals of windows of rows, of first order and unrolled along the rows, in one pass over memory; with the inner
// products that Anderson acceleration needs. Windows do not know each other. For every row i of a window, in ascending
// order, and every element,
//
//     T_i = right_i                                        right side of (1), a combination of rows (common.h)
//     r_i = T_i - x_i                                      its first-order residual
//     U_i = factor_i R_{parent_i} - drop_factor_i r_{drop_i}     what earlier rows' residuals bring
//     R_i = r_i + U_i                                      the residual of order k
//     G_i = T_i + U_i                                      the map itself, F_i = x_i + R_i
//
// where an index -1 leaves its product out (with both left out, R_i is r_i and G_i is T_i to the bit: row_program's
// result). With factors the parents' coefficients a, and drops the rows k steps up the line of parents with the product
// of the k coefficients between, R is equation (3) less x: a sliding window, constant work whatever k is. With factors
// 1 and no drops it is the Picard sum of ParaDiGMS. All in double, without fused multiply-add, rounded to float once,
// when R and G are stored; the R_{parent_i} and r_{drop_i} that rows hand on are not rounded.
//
// A value that is not finite stays in R of all rows after it that name its row as an ancestor, also of those beyond
// order k: what has been dropped is not subtracted to nothing again.
//
// Sums, in double and in one fixed order on every ISA and device: tiles of 256 elements; in a tile lane l of 32 adds
// its elements l, l + 32, ... in order; lanes are folded in halves (lane l += lane l + 16, then 8, ..., 1); tiles are
// added in order.
//
//     squares[i]      = sum of r_i^2
//     dots[8 i + c]   = sum of R_i * old_{i, c}, with R_i as rounded to float, and R_i itself for old_{i, 0}
//
// Inputs, x and olds are read only; outputs overlap nothing else of the call.
typedef struct ParafluxWindows {
  int64_t count;                  // windows, >= 0
  int64_t dim;                    // values in a row, >= 1
  const ParafluxWindow* windows;  // [count]
  const ParafluxWindowRow* rows;  // those of all windows, one window after the other
  double* squares;                // [rows] result; for the twin device memory or pinned host memory, like dots
  double* dots;                   // [rows * PARAFLUX_MAX_HISTORY] result; entries >= history are left alone
  double* scratch;                // host memory, paraflux_window_scratch(rows of the longest window, dim) doubles; for
                                  // the twin device memory, paraflux_window_scratch_cuda(rows of all, dim) doubles
} ParafluxWindows;

// Must move: 4 dim (terms + 1 + (history - 1) + 2) bytes a row, less what is the next row's input too (a row that is
// its successor's parent is read once from memory). The twin takes two launches for some 100 rows of all windows (15 KB
// of them), and moves, mostly in a cache, 1 byte an element for each sum and 16 where rows are dropped.
PARAFLUX_API int paraflux_window_residual(const ParafluxWindows* call);
PARAFLUX_API int paraflux_window_residual_cuda(const ParafluxWindows* call, int device, void* stream);

// Some 4 KiB a row for the host, whatever dim is; for the twin 25 bytes an element, of which it uses what a history and
// its drops ask for.
PARAFLUX_API int64_t paraflux_window_scratch(int64_t rows, int64_t dim);
PARAFLUX_API int64_t paraflux_window_scratch_cuda(int64_t rows, int64_t dim);

#ifdef __cplusplus
}
#endif

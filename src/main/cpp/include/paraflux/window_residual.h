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
  int64_t rows;       // >= 0
  int64_t history;    // inner products wanted, 0..PARAFLUX_MAX_HISTORY
  double ridge;       // of its small systems (anderson.h)
  int64_t grams;      // address of its rows' inner products from round to round (anderson.h)
  int64_t estimates;  // >= 0, 0 for a window without rows; the first and the last of them are nodes
} ParafluxWindow;

// What the model is taken to predict at one row: H, an estimate of x0. At a node the model has been asked.
typedef struct ParafluxEstimate {
  int64_t x;        // address of the row's present value
  int64_t before;   // address of H as it was, or 0, which gives 0
  int64_t after;    // address where H goes; it may be `before`
  int64_t output;   // address of what the model said, at a node; 0 at a row in between
  double of_state;  // at a node, x0 = of_state x + of_other output; in between, output = of_state x + of_other H
  double of_other;
  double share;  // how far the row is on the way from the node before it to the one after it, 0 to 1; ignored at the
                 // first and the last one
} ParafluxEstimate;

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
  ParafluxCombination right;           // an input g below 0 is the output of estimate -1 - g of the window
} ParafluxWindowRow;

#define PARAFLUX_WINDOW_WORDS 5
#define PARAFLUX_ESTIMATE_WORDS 7
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
// Where the model was not asked at every row, rows name estimates, which are made in the same pass. For each in turn,
// with a and b the nodes before and after it, and w its share,
//
//     at a node:  T = of_state x + of_other output,    d = T - before,    after = T
//                 e = d - ((1 - w) d_a + w d_b)                            at nodes but the first and the last
//     between:    H = before + ((1 - w) d_a + w d_b),    after = H
//                 output = of_state x + of_other H
//
// in double, without fused multiply-add, d handed on without rounding. H is rounded to float when it is stored, and the
// output when it is made, which no one stores: what the rows of the window read of it is that float.
//
// Sums, in double and in one fixed order on every ISA and device: tiles of 256 elements; in a tile lane l of 32 adds
// its elements l, l + 32, ... in order; lanes are folded in halves (lane l += lane l + 16, then 8, ..., 1); tiles are
// added in order.
//
//     squares[i]      = sum of r_i^2
//     dots[8 i + c]   = sum of R_i * old_{i, c}, with R_i as rounded to float, and R_i itself for old_{i, 0}
//     increments[2 g] = sum of d_g^2,    increments[2 g + 1] = sum of e_g^2, 0 at the first and the last;
//                       those of rows in between are left alone
//
// Inputs, x, outputs and olds are read only; what is written overlaps nothing else of the call, but for an estimate's
// before and after.
typedef struct ParafluxWindows {
  int64_t count;                      // windows, >= 0
  int64_t dim;                        // values in a row, >= 1
  const ParafluxWindow* windows;      // [count]
  const ParafluxWindowRow* rows;      // those of all windows, one window after the other
  const ParafluxEstimate* estimates;  // likewise
  double* squares;     // [rows] result; for the twin device memory or pinned host memory, like dots and increments
  double* dots;        // [rows * PARAFLUX_MAX_HISTORY] result; entries >= history are left alone
  double* increments;  // [2 * estimates] result
  double* scratch;  // host memory, paraflux_window_scratch(the most rows and the most estimates of a window) doubles;
                    // for the twin device memory, paraflux_window_scratch_cuda(those of all windows, dim) doubles
} ParafluxWindows;

// Must move: 4 dim (terms + 1 + (history - 1) + 2) bytes a row, less what is the next row's input too (a row that is
// its successor's parent is read once from memory); and 4 dim (2 + 1 at a node) bytes an estimate, whose x is some
// row's, less the term that names an estimate in between, which lies in a cache. The twin takes two launches for some
// 250 rows of all windows (32 KB of them; 16 for 120, 1 for 8), and moves, mostly in a cache, 1 byte an element for
// each sum and 16 where rows are dropped. Three launches more make some 500 estimates before; they hand on 4 and 8
// bytes an element and node or row in between.
//
// A window takes dim / 16 blocks of 256 threads where these are 132 at most, each for 128 rows at once; else dim / 64
// where these are, for 32; else dim / 128 of 128 threads, for 8. It walks down its rows, and waits for memory once in
// so many: one window of rows that are short is few blocks, and what it takes is latency. Several fill a device. By
// counting (common.h), rows of T terms and a history of 3 take 3 T + 19 operations an element for 4 (T + 5) bytes: 2
// terms 1.12 bytes an operation, of which an H100 could reach all, an L4 0.88 and an RTX 4090 0.72.
PARAFLUX_API int paraflux_window_residual(const ParafluxWindows* call);
PARAFLUX_API int paraflux_window_residual_cuda(const ParafluxWindows* call, int device, void* stream);

// Some 4 KiB a row and 1 KiB an estimate for the host, whatever dim is; for the twin 25 bytes an element of a row, of
// which it uses what a history and its drops ask for, and 12 of an estimate.
PARAFLUX_API int64_t paraflux_window_scratch(int64_t rows, int64_t estimates);
PARAFLUX_API int64_t paraflux_window_scratch_cuda(int64_t rows, int64_t estimates, int64_t dim);

#ifdef __cplusplus
}
#endif

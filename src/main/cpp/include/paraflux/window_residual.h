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

// Residuals of a window of rows, of first order and unrolled along the rows, in one pass over memory; with the inner
// products that Anderson acceleration needs. For every row i of the window, in ascending order, and every element,
//
//     T_i = sum over k < terms[i] of coefficients[9 i + k] * in_{9 i + k}     right side of (1), as row_update has it
//     r_i = T_i - x_i                                                         its first-order residual
//     U_i = factors[i] * R_{parents[i]} - drop_factors[i] * r_{drops[i]}      what earlier rows' residuals bring
//     R_i = r_i + U_i                                                         the residual of order k
//     G_i = T_i + U_i                                                         the map itself, F_i = x_i + R_i
//
// where an index -1 leaves its product out (with both left out, R_i is r_i and G_i is T_i to the bit: row_update's
// result). With factors the parents' coefficients a, and drops the rows k steps up the line of parents with the product
// of the k coefficients between, R is equation (3) less x: a sliding window, constant work whatever k is. With factors
// 1 and no drops it is the Picard sum of ParaDiGMS. All in double, without fused multiply-add, rounded to float once,
// when R and G are stored; the R_{parents[i]} and r_{drops[i]} that rows hand on are not rounded.
//
// A value that is not finite stays in R of all rows after it that name its row as an ancestor, also of those beyond
// order k: what has been dropped is not subtracted to nothing again.
//
// Sums, in double and in one fixed order on every ISA and device: tiles of 256 elements; in a tile lane l of 32 adds
// its elements l, l + 32, ... in order; lanes are folded in halves (lane l += lane l + 16, then 8, ..., 1); tiles are
// added in order.
//
//     squares[i]      = sum of r_i^2
//     dots[8 i + c]   = sum of R_i * old_{8 i + c}, with R_i as rounded to float, and R_i itself for old_{8 i}
//
// rows           rows of the window, >= 0
// dim            values in a row, >= 1
// terms, inputs, coefficients   the right sides, as in row_update.h
// x              [rows] addresses of the rows' present values
// parents        [rows] index in the window (< i) of the row whose R is carried on, or -1
// factors        [rows], any finite value; ignored without a parent
// drops          [rows] index in the window (< i) of the row whose r leaves the sum, or -1
// drop_factors   [rows], any finite value; ignored without a drop
// residuals      [rows] addresses where R_i goes
// maps           [rows] addresses where G_i goes, or 0 for none
// history        inner products wanted, 0..PARAFLUX_MAX_HISTORY: dots[8 i] is R_i with itself,
//                dots[8 i + c] is R_i with the row at olds[8 i + c], 1 <= c < history; an address 0 gives 0
// olds           [rows * PARAFLUX_MAX_HISTORY] addresses of residuals of earlier rounds; entries 0 and >= history are
//                ignored
// squares        [rows] result
// dots           [rows * PARAFLUX_MAX_HISTORY] result; entries >= history are left alone
// scratch        host memory, paraflux_window_scratch(rows, dim) doubles; for the twin device memory,
//                paraflux_window_scratch_cuda(rows, dim) doubles
//
// Inputs, x and olds are read only; outputs overlap nothing else of the call. For the twin, squares and dots are device
// memory or pinned host memory.
//
// Must move: 4 dim (terms[i] + 1 + (history - 1) + 2) bytes a row, less what is the next row's input too (a row that is
// its successor's parent is read once from memory).
PARAFLUX_API int paraflux_window_residual(int64_t rows, int64_t dim, const int32_t* terms, const int64_t* inputs,
                                          const double* coefficients, const int64_t* x, const int32_t* parents,
                                          const double* factors, const int32_t* drops, const double* drop_factors,
                                          const int64_t* residuals, const int64_t* maps, int32_t history,
                                          const int64_t* olds, double* squares, double* dots, double* scratch);

PARAFLUX_API int paraflux_window_residual_cuda(int64_t rows, int64_t dim, const int32_t* terms, const int64_t* inputs,
                                               const double* coefficients, const int64_t* x, const int32_t* parents,
                                               const double* factors, const int32_t* drops, const double* drop_factors,
                                               const int64_t* residuals, const int64_t* maps, int32_t history,
                                               const int64_t* olds, double* squares, double* dots, double* scratch,
                                               void* stream);

// Some 4 KiB a row for the host, whatever dim is; for the twin some four times the rows themselves.
PARAFLUX_API int64_t paraflux_window_scratch(int64_t rows, int64_t dim);
PARAFLUX_API int64_t paraflux_window_scratch_cuda(int64_t rows, int64_t dim);

#ifdef __cplusplus
}
#endif

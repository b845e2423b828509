#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// Sums of squares of linear combinations, none of them stored: residuals of (1), changes between iterates, and, with
// one term of coefficient 1, the finite check of a row (the sum is finite if and only if every value is).
//
//     sums[r] = sum over e < dim of ( sum over k < terms[r] of coefficients[9 r + k] * in_{9 r + k}[e] )^2
//
// The combination is accumulated in double in the order of k, without fused multiply-add, and not rounded to float. The
// sum over e is double and in one fixed order on every ISA and device: chunks of 4096 elements; inside a chunk lane l
// of 256 adds its elements l, l + 256, l + 512, ... in order; lanes are folded in halves (lane l += lane l + 128, then
// 64, ..., 1); chunks are added in order.
//
// rows, dim, terms, inputs, coefficients   as in row_update.h
// sums                                     [rows] result; host memory, for the twin device memory or pinned host memory
// scratch  (twin only)                     device memory, paraflux_row_norms_scratch(rows, dim) doubles
//
// Must move: 4 dim terms[r] bytes a row.
PARAFLUX_API int paraflux_row_norms(int64_t rows, int64_t dim, const int32_t* terms, const int64_t* inputs,
                                    const double* coefficients, double* sums);

PARAFLUX_API int paraflux_row_norms_cuda(int64_t rows, int64_t dim, const int32_t* terms, const int64_t* inputs,
                                         const double* coefficients, double* sums, double* scratch, void* stream);

PARAFLUX_API int64_t paraflux_row_norms_scratch(int64_t rows, int64_t dim);

#ifdef __cplusplus
}
#endif

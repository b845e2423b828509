#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// Rows updated, and how far each went, in one pass: Parareal's correction (2), X = F + (G' - G), with the change that
// its stop rule asks for. Every row is stored as row_update.h says; what was stored is then compared with another row:
//
//     changes[r] = sum over e < dim of | clamp(out_r[e]) - clamp(before_r[e]) |
//     clamp(v)   = low if v < low, high if v > high, else v (so that a NaN stays one)
//
// Differences are of the stored floats, in double. The sum over e is double, in the order of row_norms.h: chunks of
// 4096 elements, 256 lanes, lanes folded in halves, chunks added in order. So all instruction sets and the twin give
// the same bits, of rows and of changes.
//
// rows, dim, out, terms, inputs, coefficients   as in row_update.h
// before     [rows] addresses of the rows compared with. A row may be compared with an input, or with its own output,
//            which then means what lay there before the call; not with another row's output.
// low, high  the range of a value that is seen: -1 and 1 for a picture, -INFINITY and INFINITY for no limits;
//            low <= high
// changes    [rows] result; host memory, for the twin device memory or pinned host memory
// scratch    (twin only) device memory, paraflux_row_norms_scratch(rows, dim) doubles
//
// Must move: 4 dim (terms[r] + 2) bytes a row.
PARAFLUX_API int paraflux_row_change(int64_t rows, int64_t dim, const int64_t* out, const int32_t* terms,
                                     const int64_t* inputs, const double* coefficients, const int64_t* before,
                                     float low, float high, double* changes);

PARAFLUX_API int paraflux_row_change_cuda(int64_t rows, int64_t dim, const int64_t* out, const int32_t* terms,
                                          const int64_t* inputs, const double* coefficients, const int64_t* before,
                                          float low, float high, double* changes, double* scratch, void* stream);

#ifdef __cplusplus
}
#endif

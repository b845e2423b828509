#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// The fused row update, right side of equation (1): every row is a linear combination of up to nine others,
//
//     out_r[e] = sum over k < terms[r] of coefficients[9 r + k] * in_{9 r + k}[e],     0 <= e < dim,
//
// accumulated in double in the order of k, beginning with the first product (so one term of coefficient 1 keeps -0),
// without fused multiply-add, rounded to float once.
//
// rows          number of rows, >= 0
// dim           values in a row, >= 1
// out           [rows] addresses of the output rows. An output may be one of its own inputs (update in place), and must
//               not overlap any other row of the call, input or output.
// terms         [rows] number of terms of each row, 1..PARAFLUX_MAX_TERMS
// inputs        [rows * PARAFLUX_MAX_TERMS] addresses of the input rows; entries past terms[r] are ignored
// coefficients  [rows * PARAFLUX_MAX_TERMS], any finite value; entries past terms[r] are ignored
//
// Must move: 4 dim (terms[r] + 1) bytes a row.
PARAFLUX_API int paraflux_row_update(int64_t rows, int64_t dim, const int64_t* out, const int32_t* terms,
                                     const int64_t* inputs, const double* coefficients);

PARAFLUX_API int paraflux_row_update_cuda(int64_t rows, int64_t dim, const int64_t* out, const int32_t* terms,
                                          const int64_t* inputs, const double* coefficients, void* stream);

#ifdef __cplusplus
}
#endif

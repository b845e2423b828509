#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// Gather and scatter of rows: row r is copied from address from[r] to address to[r], bit for bit.
//
// rows   number of rows, >= 0
// dim    values in a row, >= 1
// from   [rows] source rows; one row may be the source of many
// to     [rows] target rows; they overlap neither each other nor any source
//
// Must move: 8 dim bytes a row.
PARAFLUX_API int paraflux_row_copy(int64_t rows, int64_t dim, const int64_t* from, const int64_t* to);

PARAFLUX_API int paraflux_row_copy_cuda(int64_t rows, int64_t dim, const int64_t* from, const int64_t* to,
                                        void* stream);

#ifdef __cplusplus
}
#endif

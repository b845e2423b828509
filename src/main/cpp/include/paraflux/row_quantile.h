#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// A row of which a quantile is wanted.
typedef struct ParafluxQuantile {
  int64_t row;
  double share;  // 0 (the least) to 1 (the largest)
} ParafluxQuantile;

#define PARAFLUX_QUANTILE_WORDS 2

// Quantiles of the magnitudes |x[e]| of rows, linear between the two values next to it, as torch.quantile finds them:
// with rank = share (dim - 1), in double, and s the magnitudes in ascending order,
//
//     values[q] = s[i] + (rank - i) (s[i + 1] - s[i]),   i = floor(rank);   s[i] itself where rank = i
//
// NaN if a value of the row is one.
typedef struct ParafluxRowQuantile {
  int64_t count;  // >= 0
  int64_t dim;    // values in a row, >= 1
  const ParafluxQuantile* quantiles;
  double* values;  // [count] result; for the twin device memory or pinned host memory
} ParafluxRowQuantile;

// Must move: 4 dim bytes a quantile; four passes over the row, three of which a cache may serve. The twin takes a
// launch for 1000 quantiles, and a block of 512 threads for each: fewer quantiles than a device has processors leave
// the others idle. It works on whole numbers, and passes are what it takes: a quarter of the bandwidth, counted by what
// must move, where the cache is as slow as memory, and more where it is not.
PARAFLUX_API int paraflux_row_quantile(const ParafluxRowQuantile* call);
PARAFLUX_API int paraflux_row_quantile_cuda(const ParafluxRowQuantile* call, int device, void* stream);

#ifdef __cplusplus
}
#endif

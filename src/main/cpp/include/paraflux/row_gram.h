#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// Combinations a group may have, at most: six vectors and a right side.
#define PARAFLUX_MAX_GRAM 7

// Gram matrices of groups of linear combinations, none of them stored: what the normal equations of a least squares
// problem take, in one pass over memory. With the right side as a group's last combination, the matrix holds both
// sides. With c_a the combination of rows[g size + a] (common.h), unrounded,
//
//     sums[g size (size + 1) / 2 + p] = sum over e < dim of c_a[e] * c_b[e]
//
// with p counting the pairs a <= b in the order (0, 0), (0, 1), ..., (0, size - 1), (1, 1), ..., (size - 1, size - 1).
//
// The sum over e is double and in one fixed order on every ISA and device, that of row_program.h with other numbers:
// chunks of 1024 elements; inside a chunk lane l of 8 adds its products l, l + 8, l + 16, ... in order, rounded before
// they are added; lanes are folded in halves (lane l += lane l + 4, then 2, 1); chunks are added in order. So a group's
// sums depend on nothing but the group, and a pair's on nothing but the pair.
typedef struct ParafluxRowGram {
  int64_t groups;                   // >= 0
  int64_t dim;                      // values in a row, >= 1
  int64_t size;                     // combinations of a group, 1..PARAFLUX_MAX_GRAM
  const ParafluxCombination* rows;  // [groups * size]
  double* sums;     // [groups * size * (size + 1) / 2] result; for the twin device memory or pinned host memory
  double* scratch;  // twin only: device memory, paraflux_row_gram_scratch(groups, size, dim) doubles
} ParafluxRowGram;

#define PARAFLUX_COMBINATION_WORDS 19

// Must move: 4 dim bytes for each distinct input row of a group, however many of its combinations share it. The twin
// takes a launch for some 100 combinations, and one for all sums.
//
// A group takes dim / 1024 blocks of 256 threads, which have 29 KB each. By counting (common.h), 7 combinations of 2
// terms take 91 operations an element, for 28 bytes where each has a row of its own: 0.31 bytes an operation, of which
// an H100 could reach all, an L4 0.24 and an RTX 4090 0.20.
PARAFLUX_API int paraflux_row_gram(const ParafluxRowGram* call);
PARAFLUX_API int paraflux_row_gram_cuda(const ParafluxRowGram* call, int device, void* stream);
PARAFLUX_API int64_t paraflux_row_gram_scratch(int64_t groups, int64_t size, int64_t dim);

#ifdef __cplusplus
}
#endif

// Conventions of every function in this folder.
//
// - C linkage, no exceptions, no ownership: the caller allocates and frees; a function never keeps a pointer.
// - A kernel takes one struct: sizes first, as int64_t, then what it reads, then what it writes. All members of such
//   structs, and of the tables they point to, are 8 bytes, so that a table is one flat array of them.
// - Addresses of rows travel as int64_t. A row is `dim` consecutive float32 values, aligned to 4 bytes at least (64 is
//   best). Two rows of a call are one and the same or do not overlap.
// - Arguments are NOT checked here beyond debug assertions: the Java layer has checked them. Legal ranges are stated.
// - A function returns 0, or the cudaError_t of what failed (CUDA twins only).
// - A function NAME works on host memory. Its twin NAME_cuda takes as its last arguments a device's index and a
//   cudaStream_t of that device, works on device memory, is enqueued on that stream, and gives the same bits (of a NaN
//   only that it is one). The struct and its tables are host memory in both; they have been read when the call returns.
//   Where the twin fails, part of the work may have been enqueued; the thread's current device is what it was, and no
//   error of ours is left as its last one. Without CUDA at build time the twin returns PARAFLUX_CUDA_NOT_BUILT.
// - What a twin could reach is counted: bytes that must move for each operation on doubles, conversions from and to
//   floats among them, which take the same path. By their makers' figures an H100 moves 0.23 bytes in the time of one,
//   an L4 1.27, an RTX 4090 1.56, whose paths for doubles are narrow. Where more bytes must move, memory is what is
//   waited for; where fewer do, the share of its bandwidth that arithmetic leaves is at most theirs by the device's.
//   Blocks say whether there is enough under way to get there. Counts are no measurements: those are in
//   benchmarks/history.md.
#pragma once

#include <stdint.h>

#if defined(__GNUC__)
#define PARAFLUX_API __attribute__((visibility("default")))
#else
#define PARAFLUX_API
#endif

// Terms a row may have, at most.
#define PARAFLUX_MAX_TERMS 9

// What CUDA twins return where the library was built without CUDA.
#define PARAFLUX_CUDA_NOT_BUILT (-1)

// A row times a coefficient, any finite value.
typedef struct ParafluxTerm {
  int64_t input;
  double coefficient;
} ParafluxTerm;

// A linear combination of rows, right side of equation (1):
//
//     v[e] = sum over k < terms of term[k].coefficient * term[k].input[e],     0 <= e < dim,
//
// accumulated in double in the order of k, beginning with the first product (so one term of coefficient 1 keeps -0),
// without fused multiply-add.
typedef struct ParafluxCombination {
  int64_t terms;  // 1..PARAFLUX_MAX_TERMS; entries past it are ignored
  ParafluxTerm term[PARAFLUX_MAX_TERMS];
} ParafluxCombination;

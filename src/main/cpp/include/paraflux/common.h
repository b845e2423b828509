// Conventions of every function in this folder.
//
// - C linkage, no exceptions, no ownership: the caller allocates and frees; a function never keeps a pointer.
// - Addresses of rows travel as int64_t, so that a table of them is one flat array. A row is `dim` consecutive
//   float32 values, aligned to 4 bytes at least (64 is best).
// - Arguments are NOT checked here beyond debug assertions: the Java layer has checked them. Legal ranges are stated.
// - A function returns 0, or the cudaError_t of what failed (CUDA twins only).
// - A function NAME works on host memory. Its twin NAME_cuda takes a cudaStream_t as its last argument, works on device
//   memory, is enqueued on that stream, and gives the same bits (of a NaN only that it is one).
//   Tables (addresses, coefficients) are host memory in both; they have been read when the call returns. Without CUDA
//   at build time the twin returns PARAFLUX_CUDA_NOT_BUILT.
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

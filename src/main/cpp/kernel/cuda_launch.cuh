// What the CUDA twins share. Tables travel inside the launch, as the kernel's parameter: no copy to the device, no
// synchronisation, and the caller's table has been read when the launch returns. Longer tables take several launches.
#pragma once

#include <cuda_runtime.h>
#include <stdint.h>

#include <type_traits>

#include "kernel/address.h"
#include "kernel/cuda_device.h"
#include "paraflux/common.h"

namespace paraflux {
namespace {

// Kernel parameters hold 4 KiB; since CUDA 12.1, 32764 bytes. The longer they are, the longer a launch takes: half of
// them is what a usual round needs, and all of them spare a long one launches.
#if CUDART_VERSION >= 12010
constexpr int64_t kTableBytes = 16000, kLargeTableBytes = 32500;
#else
constexpr int64_t kTableBytes = 4000, kLargeTableBytes = kTableBytes;
#endif

constexpr int kThreads = 256;
constexpr int kWarp = 32;

// A kernel's parameter that is a table. It is read where it lies, not copied for each thread.
#ifdef PARAFLUX_EMULATED
#define PARAFLUX_TABLE(Table) const Table&
#else
#define PARAFLUX_TABLE(Table) const __grid_constant__ Table
#endif

// A parameter as memory is read: threads of a warp that look at different places of it do so at once. As a constant it
// is read place by place.
template <typename Table>
__device__ const Table& in_memory(const Table& parameter) {
  const Table* table = &parameter;
#ifdef __CUDA_ARCH__
  asm volatile("" : "+l"(table));
#endif
  return *table;
}

// Enqueues a kernel, and returns its own error: one that another library has left on this thread is neither taken for
// ours nor taken away. Arguments are the kernel's parameters to the type: the driver copies them from where they are,
// and no template on the way copies a table once more.
template <typename... Parameters, typename... Arguments>
cudaError_t launch(void (*kernel)(Parameters...), dim3 grid, int threads, void* stream, const Arguments&... arguments) {
  cudaLaunchConfig_t shape = {};
  shape.gridDim = grid;
  shape.blockDim = dim3(static_cast<unsigned>(threads));
  shape.stream = static_cast<cudaStream_t>(stream);
#ifdef PARAFLUX_EMULATED
  return taken(cudaLaunchKernelEx(&shape, kernel, arguments...));
#else
  static_assert((std::is_same_v<Parameters, Arguments> && ...), "parameters are read from where the arguments are");
  void* given[] = {const_cast<void*>(static_cast<const void*>(&arguments))...};
  return taken(cudaLaunchKernelExC(&shape, reinterpret_cast<const void*>(kernel), given));
#endif
}

// The intrinsics are never fused into a multiply-add, whatever the compiler's flags.
__device__ inline double plus_product(double sum, double coefficient, float value) {
  return __dadd_rn(sum, __dmul_rn(coefficient, static_cast<double>(value)));
}

// The combination of so many terms, given their rows' values.
template <int kTerms>
__device__ double combined(const ParafluxTerm* terms, const float* values) {
  double sum = __dmul_rn(terms[0].coefficient, static_cast<double>(values[0]));
#pragma unroll
  for (int k = 1; k < kTerms; ++k) {
    sum = plus_product(sum, terms[k].coefficient, values[k]);
  }
  return sum;
}

// The combination of so many terms at element e.
template <int kTerms>
__device__ double combination(const ParafluxTerm* terms, int64_t e) {
  float values[kTerms];
#pragma unroll
  for (int k = 0; k < kTerms; ++k) {
    values[k] = pointer<const float>(terms[k].input)[e];
  }
  return combined<kTerms>(terms, values);
}

// Calls body with the number of terms, 1 to PARAFLUX_MAX_TERMS, as a type: its value is known to the compiler.
template <int kTerms>
struct TermCount {
  static constexpr int value = kTerms;
};

template <int kTerms = 1, typename Body>
__device__ void with_terms(int terms, Body body) {
  if constexpr (kTerms < PARAFLUX_MAX_TERMS) {
    if (terms != kTerms) {
      with_terms<kTerms + 1>(terms, body);
      return;
    }
  }
  body(TermCount<kTerms>());
}

// Asks a cache of the device for a value that will be wanted; does nothing else.
__device__ inline void prefetch(const float* value) {
#ifdef __CUDA_ARCH__
  asm volatile("prefetch.global.L2 [%0];" ::"l"(value));
#else
  static_cast<void>(value);
#endif
}

}  // namespace
}  // namespace paraflux

// Quantiles of magnitudes on CUDA: the bits of row_quantile.cpp, found in the same steps, a block a quantile.
#include <string.h>

#include "kernel/cuda_launch.cuh"
#include "kernel/quantile_bits.h"
#include "paraflux/row_quantile.h"

namespace paraflux {
namespace {

struct QuantileTable {
  static constexpr int64_t kQuantiles = kTableBytes / static_cast<int64_t>(sizeof(ParafluxQuantile));

  ParafluxQuantile quantiles[kQuantiles];
};

constexpr int kQuantileThreads = 512;
constexpr int kCounts = 1 << kMostBits;
constexpr int kOfGroup = kCounts / kWarp;  // counts that a thread of the first warp adds

// What the block shares.
struct Found {
  unsigned counts[kCounts];
  unsigned groups[kWarp];
  unsigned prefix;  // the bits of the value that are known
  unsigned rank;    // its place among the values that share them
  unsigned equal;   // how many there are in the end
  unsigned largest;
  unsigned above;
};

// Where the rank falls among the counts: by groups first, so that the one thread that walks has a short way.
__device__ inline void choose(Found& found, int width) {
  if (threadIdx.x < kWarp) {
    unsigned sum = 0;
    for (int i = 0; i < kOfGroup; ++i) {
      sum += found.counts[threadIdx.x * kOfGroup + static_cast<unsigned>(i)];
    }
    found.groups[threadIdx.x] = sum;
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    unsigned rank = found.rank;
    int group = 0;
    while (rank >= found.groups[group]) {
      rank -= found.groups[group++];
    }
    int next = group * kOfGroup;
    while (rank >= found.counts[next]) {
      rank -= found.counts[next++];
    }
    found.rank = rank;
    found.equal = found.counts[next];
    found.prefix = found.prefix << width | static_cast<unsigned>(next);
  }
  __syncthreads();
}

__global__ void find_quantile(PARAFLUX_TABLE(QuantileTable) table, int64_t dim, double* values) {
  __shared__ Found found;
  const ParafluxQuantile& asked = table.quantiles[blockIdx.x];
  const uint32_t* row = pointer<const uint32_t>(asked.row);
  const double rank = __dmul_rn(asked.share, static_cast<double>(dim - 1));
  const int64_t below = static_cast<int64_t>(rank);
  if (threadIdx.x == 0) {
    found.prefix = 0;
    found.rank = static_cast<unsigned>(below);
    found.largest = 0;
    found.above = kMagnitude;
  }
  __syncthreads();
  unsigned largest = 0;
  for (int64_t e = threadIdx.x; e < dim; e += kQuantileThreads) {
    largest = max(largest, row[e] & kMagnitude);
  }
  atomicMax(&found.largest, largest);
  for (int s = 0; s < kSteps; ++s) {
    const MagnitudeBits bits = step(s);
    for (int i = static_cast<int>(threadIdx.x); i < kCounts; i += kQuantileThreads) {
      found.counts[i] = 0;
    }
    __syncthreads();
    const unsigned prefix = found.prefix;
    for (int64_t e = threadIdx.x; e < dim; e += kQuantileThreads) {
      const uint32_t magnitude = row[e] & kMagnitude;
      if (bits.prefix(magnitude) == prefix) {
        atomicAdd(&found.counts[bits.next(magnitude)], 1U);
      }
    }
    __syncthreads();
    choose(found, bits.width);
  }
  const uint32_t value = found.prefix;
  const bool between = static_cast<double>(below) != rank;
  if (between && found.rank + 1 >= found.equal) {  // the next one in order is larger
    unsigned above = kMagnitude;
    for (int64_t e = threadIdx.x; e < dim; e += kQuantileThreads) {
      const uint32_t magnitude = row[e] & kMagnitude;
      above = magnitude > value && magnitude < above ? magnitude : above;
    }
    atomicMin(&found.above, above);
  } else if (threadIdx.x == 0) {
    found.above = value;
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    const double low = static_cast<double>(__uint_as_float(value));
    const double step = __dsub_rn(static_cast<double>(__uint_as_float(found.above)), low);
    const double share = __dsub_rn(rank, static_cast<double>(below));
    values[blockIdx.x] = found.largest > kInfinity ? __longlong_as_double(0x7FF8000000000000LL)
                         : between                 ? __dadd_rn(low, __dmul_rn(share, step))
                                                   : low;
  }
}

}  // namespace
}  // namespace paraflux

extern "C" int paraflux_row_quantile_cuda(const ParafluxRowQuantile* call, int device, void* stream) {
  using namespace paraflux;
  const CurrentDevice current(device);
  if (current.error() != cudaSuccess) {
    return current.error();
  }
  QuantileTable table;
  for (int64_t first = 0; first < call->count; first += QuantileTable::kQuantiles) {
    const int64_t left = call->count - first;
    const int64_t count = left < QuantileTable::kQuantiles ? left : QuantileTable::kQuantiles;
    memcpy(table.quantiles, call->quantiles + first, static_cast<size_t>(count) * sizeof(ParafluxQuantile));
    const cudaError_t error = launch(find_quantile, static_cast<unsigned>(count), kQuantileThreads, stream, table,
                                     call->dim, call->values + first);
    if (error != cudaSuccess) {
      return error;
    }
  }
  return cudaSuccess;
}

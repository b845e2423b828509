// Sums over a row in the order of row_program.h, on CUDA: a block sums a chunk, a thread a lane.
#pragma once

#include "kernel/cuda_launch.cuh"
#include "kernel/sums_order.h"

namespace paraflux {
namespace {

static_assert(kThreads == kLanes, "a thread is a lane");
constexpr int kWarp = 32;

// The combination of a table row at element e.
template <int kTerms, typename Table>
__device__ double combination(const Table& table, int row, int64_t e) {
  double sum =
      __dmul_rn(table.coefficients[row][0], static_cast<double>(pointer<const float>(table.inputs[row][0])[e]));
#pragma unroll
  for (int k = 1; k < kTerms; ++k) {
    sum = plus_product(sum, table.coefficients[row][k], pointer<const float>(table.inputs[row][k])[e]);
  }
  return sum;
}

// Folds the lanes of a chunk (x) of a table row (y); the sum goes to scratch[row][chunk]. Called by the whole block,
// once.
__device__ inline void leave_chunk_sum(double lane_sum, double* scratch) {
  __shared__ double lanes[kLanes];
  const int lane = static_cast<int>(threadIdx.x);
  lanes[lane] = lane_sum;
  for (int half = kLanes / 2; half > 0; half /= 2) {
    __syncthreads();
    if (lane < half) {
      lanes[lane] = __dadd_rn(lanes[lane], lanes[lane + half]);
    }
  }
  if (lane == 0) {
    scratch[static_cast<int64_t>(blockIdx.y) * gridDim.x + blockIdx.x] = lanes[0];
  }
}

// One warp a row: it loads side by side, and its first thread adds in order.
__global__ void add_chunks(int64_t chunks, const double* scratch, double* sums) {
  __shared__ double loaded[kWarp];
  const int64_t row = blockIdx.x;
  double sum = 0;
  for (int64_t first = 0; first < chunks; first += kWarp) {
    const int count = static_cast<int>(chunks - first < kWarp ? chunks - first : kWarp);
    const int i = static_cast<int>(threadIdx.x);
    if (i < count) {
      loaded[i] = scratch[row * chunks + first + i];
    }
    __syncwarp();
    for (int c = 0; i == 0 && c < count; ++c) {
      sum = __dadd_rn(sum, loaded[c]);
    }
    __syncwarp();
  }
  if (threadIdx.x == 0) {
    sums[row] = sum;
  }
}

}  // namespace
}  // namespace paraflux

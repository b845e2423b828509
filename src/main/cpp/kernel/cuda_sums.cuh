// Sums over a row in the order of row_program.h, on CUDA: a block sums a chunk, a thread a lane.
#pragma once

#include "kernel/cuda_launch.cuh"
#include "kernel/sums_order.h"

namespace paraflux {
namespace {

static_assert(kThreads == kLanes, "a thread is a lane");

// Folds the lanes of a chunk. Called by the whole block, as often as it likes; the first thread has the sum.
__device__ inline double fold_lanes(double lane_sum) {
  __shared__ double lanes[kLanes];
  const int lane = static_cast<int>(threadIdx.x);
  __syncthreads();  // a call before this one may still be folding
  lanes[lane] = lane_sum;
  for (int half = kLanes / 2; half > 0; half /= 2) {
    __syncthreads();
    if (lane < half) {
      lanes[lane] = __dadd_rn(lanes[lane], lanes[lane + half]);
    }
  }
  return lanes[0];
}

// Adds so many numbers in order. Called by one warp, a block by itself: it loads side by side, and its first thread
// adds and has the sum.
__device__ inline double add_in_order(int64_t count, const double* values) {
  __shared__ double loaded[kWarp];
  const int lane = static_cast<int>(threadIdx.x);
  double sum = 0;
  for (int64_t first = 0; first < count; first += kWarp) {
    const int loads = static_cast<int>(count - first < kWarp ? count - first : kWarp);
    if (lane < loads) {
      loaded[lane] = values[first + lane];
    }
    __syncwarp();
    for (int i = 0; lane == 0 && i < loads; ++i) {
      sum = __dadd_rn(sum, loaded[i]);
    }
    __syncwarp();
  }
  return sum;
}

}  // namespace
}  // namespace paraflux

// Sums over a row in the order of row_program.h, on CUDA: a block sums a chunk, a thread a lane.
#pragma once

#include "kernel/cuda_launch.cuh"
#include "kernel/sums_order.h"

namespace paraflux {
namespace {

static_assert(kThreads == kLanes, "a thread is a lane");

// Folds so many lanes that lie side by side in a warp; the first of them has the sum.
template <int kCount = kWarp>
__device__ double fold_lanes(double lane) {
#pragma unroll
  for (int half = kCount / 2; half > 0; half /= 2) {
    lane = __dadd_rn(lane, __shfl_down_sync(0xFFFFFFFF, lane, half, kCount));
  }
  return lane;
}

// Folds the lanes of chunks, called by the whole block; the first thread has the sum. The first warp folds while the
// others go on to the next chunk, whose lanes lie in another place.
class LaneFold {
 public:
  __device__ double operator()(double lane_sum) {
    __shared__ double lanes[2][kLanes];
    const int lane = static_cast<int>(threadIdx.x);
    double* mine = lanes[turn_];
    turn_ ^= 1;
    mine[lane] = lane_sum;
    __syncthreads();  // who is here has also folded what was in the other place
    if (lane >= kWarp) {
      return 0;
    }
    double folded[kLanes / kWarp];
#pragma unroll
    for (int i = 0; i < kLanes / kWarp; ++i) {
      folded[i] = mine[lane + i * kWarp];
    }
#pragma unroll
    for (int half = kLanes / kWarp / 2; half > 0; half /= 2) {
#pragma unroll
      for (int i = 0; i < half; ++i) {
        folded[i] = __dadd_rn(folded[i], folded[i + half]);
      }
    }
    return fold_lanes(folded[0]);
  }

 private:
  int turn_ = 0;
};

// Adds so many numbers in order. Called by one warp, a block by itself: it loads side by side, and each thread has the
// sum.
__device__ inline double add_in_order(int64_t count, const double* values) {
  const int lane = static_cast<int>(threadIdx.x);
  double sum = 0;
  for (int64_t first = 0; first < count; first += kWarp) {
    const int loads = static_cast<int>(count - first < kWarp ? count - first : kWarp);
    const double loaded = lane < loads ? values[first + lane] : 0.0;
    for (int i = 0; i < loads; ++i) {
      sum = __dadd_rn(sum, __shfl_sync(0xFFFFFFFF, loaded, i));
    }
  }
  return sum;
}

}  // namespace
}  // namespace paraflux

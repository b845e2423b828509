// A row of a window on CUDA, by the warp that has it (window_residual.cu).
#pragma once

#include "kernel/cuda_launch.cuh"
#include "kernel/window_table.h"

namespace paraflux {
namespace {

// A block has half the lanes of a tile, so that a device has work for its processors where tiles are few.
constexpr int kLanesOfBlock = kWindowLanes / 2;
constexpr int kParts = kWindowLanes / kLanesOfBlock;
constexpr int kSteps = kWindowTile / kWindowLanes;  // elements of a lane in a tile
constexpr int kColumns = kLanesOfBlock * kSteps;    // elements of a block
constexpr int kOfThread = kColumns / kWarp;         // of them, a thread's in a row
static_assert(kLanesOfBlock * 2 == kWarp, "half a warp is a step: the halves have every other step of the lanes");

// Scratch: slots of r and R, two for every row at most; then of each row's sums the lanes of every tile.
__host__ __device__ inline int64_t slot_at(int64_t tiles, int64_t slot) { return slot * tiles * kWindowTile; }

// The element that a column of the block is.
__device__ inline int64_t element_of(int column) {
  return static_cast<int64_t>(blockIdx.x / kParts) * kWindowTile + column / kLanesOfBlock * kWindowLanes +
         static_cast<int>(blockIdx.x % kParts) * kLanesOfBlock + column % kLanesOfBlock;
}

// A thread's elements of a row: columns a warp apart, which lie this far apart in memory.
constexpr int kStride = kWarp / kLanesOfBlock * kWindowLanes;

struct Elements {
  int64_t first;
  int count;  // of those that there are

  __device__ Elements(int64_t first_element, int64_t dim)
      : first(first_element),
        count(first >= dim ? 0
                           : static_cast<int>((dim - first + kStride - 1) / kStride < kOfThread
                                                  ? (dim - first + kStride - 1) / kStride
                                                  : kOfThread)) {}

  // What is not there is 0.
  __device__ void load(int64_t row, float* values) const {
    const float* from = pointer<const float>(row) + first;
#pragma unroll
    for (int i = 0; i < kOfThread; ++i) {
      values[i] = i < count ? __ldg(from + i * kStride) : 0.0F;
    }
  }

  __device__ void store(int64_t row, const float* values) const {
    float* to = pointer<float>(row) + first;
#pragma unroll
    for (int i = 0; i < kOfThread; ++i) {
      if (i < count) {
        to[i * kStride] = values[i];
      }
    }
  }
};

__device__ inline const ParafluxTerm* terms_of(const TableRow& row, int olds) {
  return reinterpret_cast<const ParafluxTerm*>(olds_of(row) + olds);
}

// Asks a cache for the block's columns of what a row reads, a lane of the warp for a sector.
__device__ inline void prefetch(const TableRow& row, int olds, int64_t dim) {
  constexpr int kSector = 8, kSectors = kColumns / kSector;
  const int lane = static_cast<int>(threadIdx.x) % kWarp;
  const int64_t e = element_of(lane * kSector % kColumns);
  if (lane >= kSectors || e >= dim) {
    return;
  }
  const ParafluxTerm* terms = terms_of(row, olds);
  for (int k = 0; k < row.terms; ++k) {
    paraflux::prefetch(pointer<const float>(terms[k].input) + e);
  }
  paraflux::prefetch(pointer<const float>(row.x) + e);
  for (int c = 0; c < olds; ++c) {
    if (olds_of(row)[c] != 0) {
      paraflux::prefetch(pointer<const float>(olds_of(row)[c]) + e);
    }
  }
}

// A thread's elements of its warp's row.
class WarpRow {
 public:
  // Reads the row; r goes to its columns, a warp apart.
  __device__ void begin(const TableRow& row, int olds, const Elements& elements, double* first_orders) {
    const ParafluxTerm* terms = terms_of(row, olds);
#pragma unroll
    for (int c = 0; c < PARAFLUX_MAX_HISTORY - 1; ++c) {
      if (c < olds && olds_of(row)[c] != 0) {
        elements.load(olds_of(row)[c], olds_[c]);
      }
    }
    with_terms(row.terms, [&](auto count) {
      constexpr int kTerms = decltype(count)::value;
      float in[kTerms][kOfThread], x[kOfThread];
#pragma unroll
      for (int k = 0; k < kTerms; ++k) {
        elements.load(terms[k].input, in[k]);
      }
      elements.load(row.x, x);
#pragma unroll
      for (int i = 0; i < kOfThread; ++i) {
        float values[kTerms];
#pragma unroll
        for (int k = 0; k < kTerms; ++k) {
          values[k] = in[k][i];
        }
        right_[i] = combined<kTerms>(terms, values);
        first_order_[i] = __dsub_rn(right_[i], static_cast<double>(x[i]));
        first_orders[i * kWarp] = first_order_[i];
      }
    });
  }

  // Stores the row, given what earlier rows bring, and leaves the lanes of its sums.
  __device__ void finish(const TableRow& row, int sums, const Elements& elements, const double* brought, int64_t tiles,
                         double* lanes_of_sums) {
    float map[kOfThread];
#pragma unroll
    for (int i = 0; i < kOfThread; ++i) {
      const double more = brought[i * kWarp];
      residual_[i] = __double2float_rn(__dadd_rn(first_order_[i], more));
      map[i] = __double2float_rn(__dadd_rn(right_[i], more));
    }
    elements.store(row.residual, residual_);
    if (row.map != 0) {
      elements.store(row.map, map);
    }
    // The halves of the warp have every other step of each lane. They exchange them, so that the first half adds up one
    // sum, and the second the next.
    const bool second = threadIdx.x % kWarp >= kLanesOfBlock;
#pragma unroll
    for (int sum = 0; sum < kSumsOfRow; sum += 2) {
      if (sum < sums) {
        const int next = sum + 1 < kSumsOfRow ? sum + 1 : sum;
        double lane = 0;
#pragma unroll
        for (int i = 0; i < kOfThread; ++i) {
          const bool there = i < elements.count;
          const double ours = there ? product(row, sum, i) : 0.0;
          const double theirs = there && next < sums ? product(row, next, i) : 0.0;
          const double exchanged = __shfl_xor_sync(0xFFFFFFFF, second ? ours : theirs, kLanesOfBlock);
          lane = __dadd_rn(lane, second ? exchanged : ours);
          lane = __dadd_rn(lane, second ? theirs : exchanged);
        }
        const int mine = second ? sum + 1 : sum;
        if (mine < sums) {
          lanes_of_sums[mine * tiles * kWindowLanes + threadIdx.x % kLanesOfBlock] = lane;
        }
      }
    }
  }

 private:
  __device__ double product(const TableRow& row, int sum, int i) const {
    if (sum == 0) {
      return __dmul_rn(first_order_[i], first_order_[i]);
    }
    if (sum == 1) {
      return __dmul_rn(static_cast<double>(residual_[i]), static_cast<double>(residual_[i]));
    }
    return olds_of(row)[sum - 2] == 0
               ? 0.0
               : __dmul_rn(static_cast<double>(residual_[i]), static_cast<double>(olds_[sum - 2][i]));
  }

  double right_[kOfThread], first_order_[kOfThread];
  float residual_[kOfThread], olds_[PARAFLUX_MAX_HISTORY - 1][kOfThread];
};

}  // namespace
}  // namespace paraflux

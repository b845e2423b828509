// A row of a window on CUDA, by the threads that have it, a lane each (window_residual.cu).
#pragma once

#include "kernel/cuda_launch.cuh"
#include "kernel/window_table.h"

namespace paraflux {
namespace {

constexpr int kSteps = kWindowTile / kWindowLanes;  // elements of a lane in a tile, kWindowLanes apart
constexpr int kSector = 8;                          // floats that memory moves at once

// Rows that a block takes at once, and so many of the lanes of a tile.
template <int kRowsOfBatch, int kLanesOfBlock>
struct Shape {
  static constexpr int kRows = kRowsOfBatch;
  static constexpr int kLanes = kLanesOfBlock;
  static constexpr int kThreadsOfBlock = kRows * kLanes;
  static constexpr int kParts = kWindowLanes / kLanes;
  static constexpr int kColumns = kLanes * kSteps;  // elements of a block
  // Of a row in shared memory: rows whose threads are a warp do not meet in one bank.
  static constexpr int kPitch = kColumns + (kLanes < kWarp / 2 ? kLanes : 0);

  // The element that a column of the block is.
  static __device__ int64_t element_of(int column) {
    return static_cast<int64_t>(blockIdx.x / kParts) * kWindowTile + column / kLanes * kWindowLanes +
           static_cast<int>(blockIdx.x % kParts) * kLanes + column % kLanes;
  }
};

// Scratch: slots of r and R, two for every row at most; then of each row's sums the lanes of every tile.
__host__ __device__ inline int64_t slot_at(int64_t tiles, int64_t slot) { return slot * tiles * kWindowTile; }

__device__ inline const ParafluxTerm* terms_of(const TableRow& row, int olds) {
  return reinterpret_cast<const ParafluxTerm*>(olds_of(row) + olds);
}

// Asks a cache for the block's columns of what a row reads; a thread for its share of their sectors.
template <typename Shape>
__device__ void prefetch(const TableRow& row, int olds, int lane, int64_t dim) {
  constexpr int kColumnsOfSector = Shape::kLanes < kSector ? Shape::kLanes : kSector;
#pragma unroll 1
  for (int column = lane * kColumnsOfSector; column < Shape::kColumns; column += Shape::kLanes * kColumnsOfSector) {
    const int64_t e = Shape::element_of(column);
    if (e >= dim) {
      return;
    }
    const ParafluxTerm* terms = terms_of(row, olds);
    for (int k = 0; k < row.terms; ++k) {
      paraflux::prefetch(pointer<const float>(terms[k].input) + e);
    }
    paraflux::prefetch(pointer<const float>(row.x) + e);
    for (int c = 0; c < olds; ++c) {
      paraflux::prefetch(pointer<const float>(olds_of(row)[c]) + e);
    }
  }
}

// A thread's lane of a row: its elements from the first on, of which so many are there. With kWhole all are, and the
// compiler knows. What is not there is 0.
template <typename Shape, bool kWhole, int kMostOlds>
class Lane {
 public:
  __device__ Lane(int64_t first, int64_t dim) : first_(first), count_(count_of(first, dim)) {}

  // Reads the row; r goes to the lane's columns, and to its slot, if later rows ask for it there.
  __device__ void begin(const TableRow& row, int olds, double* first_orders, double* slots, int64_t slot_size) {
    const ParafluxTerm* terms = terms_of(row, olds);
    float x[kSteps];
    load(row.x, x);
#pragma unroll
    for (int c = 0; c < kMostOlds; ++c) {
      if (c < olds) {
        load(olds_of(row)[c], olds_[c]);
      }
    }
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
      right_[s] = -0.0;  // to which a first product is added without a trace
    }
#pragma unroll 1
    for (int k = 0; k < row.terms; k += 2) {
      float one[kSteps], two[kSteps];
      load(terms[k].input, one);
      const bool both = k + 1 < row.terms;
      if (both) {
        load(terms[k + 1].input, two);
      }
#pragma unroll
      for (int s = 0; s < kSteps; ++s) {
        right_[s] = plus_product(right_[s], terms[k].coefficient, one[s]);
      }
      if (both) {
#pragma unroll
        for (int s = 0; s < kSteps; ++s) {
          right_[s] = plus_product(right_[s], terms[k + 1].coefficient, two[s]);
        }
      }
    }
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
      first_order_[s] = __dsub_rn(right_[s], static_cast<double>(x[s]));
      first_orders[s * Shape::kLanes] = first_order_[s];
    }
    if (row.links.first_order_slot != kNone) {
      double* slot = slots + row.links.first_order_slot * slot_size + first_;
#pragma unroll
      for (int s = 0; s < kSteps; ++s) {
        slot[s * kWindowLanes] = first_order_[s];
      }
    }
  }

  // Leaves what leaves the row's sum, for the walk; r of the row that is dropped lies in columns or in a slot.
  __device__ void put_left(double factor, const double* dropped, int apart, double* left) const {
    double values[kSteps];
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
      values[s] = dropped[s * apart];
    }
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
      left[s * Shape::kLanes] = __dmul_rn(factor, values[s]);
    }
  }

  // Where nothing does: 0 is subtracted without a trace.
  __device__ void put_nothing_left(double* left) const {
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
      left[s * Shape::kLanes] = 0.0;
    }
  }

  // Stores the row, given what earlier rows bring, and R in its slot, if later rows ask for it there; and the lane's
  // sums, which lie so far apart.
  __device__ void finish(const TableRow& row, int history, const double* brought, double* slots, int64_t slot_size,
                         int64_t apart, double* sums) const {
    const Links& links = row.links;
    double* unrolled_slot = links.unrolled_slot == kNone ? nullptr : slots + links.unrolled_slot * slot_size + first_;

    float* residuals = pointer<float>(row.residual) + first_;
    float* maps = row.map == 0 ? nullptr : pointer<float>(row.map) + first_;
    double square = 0, dot = 0, old_dots[kMostOlds] = {};
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
      const double more = brought[s * Shape::kLanes];
      const double unrolled = __dadd_rn(first_order_[s], more);
      const float residual = __double2float_rn(unrolled);
      if (unrolled_slot != nullptr) {
        unrolled_slot[s * kWindowLanes] = unrolled;
      }

      if (there(s)) {
        residuals[s * kWindowLanes] = residual;
        if (maps != nullptr) {
          maps[s * kWindowLanes] = __double2float_rn(__dadd_rn(right_[s], more));
        }
        const double mine = static_cast<double>(residual);
        square = __dadd_rn(square, __dmul_rn(first_order_[s], first_order_[s]));
        dot = __dadd_rn(dot, __dmul_rn(mine, mine));
#pragma unroll
        for (int c = 0; c < kMostOlds; ++c) {
          old_dots[c] = __dadd_rn(old_dots[c], __dmul_rn(mine, static_cast<double>(olds_[c][s])));
        }
      }
    }
    sums[0] = square;
    if (history > 0) {
      sums[apart] = dot;
    }
#pragma unroll
    for (int c = 0; c < kMostOlds; ++c) {
      if (c + 1 < history) {
        sums[(c + 2) * apart] = (row.absent >> c & 1) != 0 ? 0.0 : old_dots[c];
      }
    }
  }

 private:
  static __device__ int count_of(int64_t first, int64_t dim) {
    const int64_t count = first >= dim ? 0 : (dim - first + kWindowLanes - 1) / kWindowLanes;
    return count < kSteps ? static_cast<int>(count) : kSteps;
  }

  __device__ bool there(int s) const { return kWhole || s < count_; }

  __device__ void load(int64_t row, float* values) const {
    const float* from = pointer<const float>(row) + first_;
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
      values[s] = there(s) ? __ldg(from + s * kWindowLanes) : 0.0F;
    }
  }

  int64_t first_;
  int count_;
  double right_[kSteps], first_order_[kSteps];
  float olds_[kMostOlds][kSteps] = {};
};

}  // namespace
}  // namespace paraflux

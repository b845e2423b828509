// The one part of a window's residuals that goes row by row: what rows bring to later ones. A thread walks down a
// column of the block.
#pragma once

#include "kernel/window_rows.cuh"

namespace paraflux {
namespace {

// In shared memory, of the rows of a batch; links of the next batch, too.
template <typename Shape>
struct Batch {
  double first_orders[Shape::kRows][Shape::kPitch];
  double brought[Shape::kRows][Shape::kPitch];  // before the walk, what leaves the row's sum
  Links links[2][Shape::kRows];
};

// U of a row, in one way whatever it asks for: without a parent, -0 is brought without a trace.
__device__ inline double brought_by(int parent, double factor, double unrolled, double left) {
  return __dsub_rn(parent == 0 ? -0.0 : __dmul_rn(factor, unrolled), left);
}

template <typename Shape>
class Walk {
 public:
  // `slots` is the thread's element of the first slot.
  __device__ Walk(const double* slots, int64_t slot_size, int column)
      : slots_(slots), slot_size_(slot_size), column_(column) {}

  // Walks down a batch; `done` rows of the window lie before it in the launch. In a near batch, no parent lies further
  // up than what is carried.
  __device__ void run(const Links* links, int count, int done, bool near, Batch<Shape>& batch) {
    int k = 0;
    for (; near && k + kAhead <= count; k += kAhead) {
      run_near(links, k, batch);
    }
    for (; k < count; ++k) {
      const double first_order = batch.first_orders[k][column_];
      const double unrolled = links[k].parent == 0 ? 0 : parent_of(links[k], k, done + k, batch);
      const double brought = brought_by(links[k].parent, links[k].factor, unrolled, batch.brought[k][column_]);
      batch.brought[k][column_] = brought;
      push(__dadd_rn(first_order, brought));
    }
  }

 private:
  static constexpr int kAhead = 8;
  static_assert(Shape::kRows % kAhead == 0, "whole groups");

  // Walks down a group of rows. Reads all of them ahead of the steps, which would else wait for each.
  __device__ void run_near(const Links* links, int first, Batch<Shape>& batch) {
    double first_orders[kAhead], lefts[kAhead], factors[kAhead];
    int parents[kAhead];
#pragma unroll
    for (int k = 0; k < kAhead; ++k) {
      first_orders[k] = batch.first_orders[first + k][column_];
      lefts[k] = batch.brought[first + k][column_];
      factors[k] = links[first + k].factor;
      parents[k] = links[first + k].parent;
    }
#pragma unroll
    for (int k = 0; k < kAhead; ++k) {
      const double unrolled = parents[k] == 2 ? before_last_ : last_;
      lefts[k] = brought_by(parents[k], factors[k], unrolled, lefts[k]);
      push(__dadd_rn(first_orders[k], lefts[k]));
    }
#pragma unroll
    for (int k = 0; k < kAhead; ++k) {
      batch.brought[first + k][column_] = lefts[k];
    }
  }

  // R of the parent of row k of a batch, before which the launch has so many of its window.
  __device__ double parent_of(const Links& link, int k, int before, const Batch<Shape>& batch) const {
    if (link.parent <= kCarried && link.parent <= before) {
      return link.parent == 1 ? last_ : before_last_;
    }
    if (link.parent <= k) {
      const int at = k - link.parent;
      return __dadd_rn(batch.first_orders[at][column_], batch.brought[at][column_]);
    }
    return slots_[link.parent_slot * slot_size_];
  }

  __device__ void push(double unrolled) {
    before_last_ = last_;
    last_ = unrolled;
  }

  const double* slots_;
  int64_t slot_size_;
  int column_;
  double last_ = 0, before_last_ = 0;
};

}  // namespace
}  // namespace paraflux

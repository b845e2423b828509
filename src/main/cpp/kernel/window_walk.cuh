// The one part of a window's residuals that goes row by row: what rows bring to later ones. A thread walks down a
// column of the block.
#pragma once

#include "kernel/window_rows.cuh"

namespace paraflux {
namespace {

// In shared memory, of the rows of a batch.
template <int kRows>
struct Batch {
  double first_orders[kRows][kColumns];
  double brought[kRows][kColumns];
};

template <int kRows>
class Walk {
 public:
  // `slots` is the thread's element of the first slot.
  __device__ Walk(double* slots, int64_t slot_size) : slots_(slots), slot_size_(slot_size) {}

  // Reads what rows of a batch ask of rows before it, all at once, while the batch's rows are on their way.
  template <typename Table>
  __device__ void look_up(const Table& table, int first, int count) {
#pragma unroll
    for (int k = 0; k < kRows; ++k) {
      if (k < count && table.row(first + k).drop > k) {
        dropped_[k] = slots_[table.row(first + k).drop_slot * slot_size_];
      }
    }
  }

  // Walks down a batch; `done` rows of the window lie before it in the launch.
  template <typename Table>
  __device__ void run(const Table& table, int first, int count, int done, int column, Batch<kRows>& batch) {
#pragma unroll
    for (int k = 0; k < kRows; ++k) {
      if (k < count) {
        const TableRow& row = table.row(first + k);
        const double first_order = batch.first_orders[k][column];
        double brought = -0.0;  // nothing, to the bit
        if (row.parent > 0) {
          brought = __dmul_rn(row.factor, unrolled(row, k, done + k, column, batch));
        }
        if (row.drop > 0) {
          const double dropped = row.drop > k ? dropped_[k] : batch.first_orders[k - row.drop][column];
          const double left = __dmul_rn(row.drop_factor, dropped);
          brought = row.parent > 0 ? __dsub_rn(brought, left) : -left;
        }
        batch.brought[k][column] = brought;
        before_last_ = last_;
        last_ = __dadd_rn(first_order, brought);
        if (row.unrolled_slot != kNone) {
          slots_[row.unrolled_slot * slot_size_] = last_;
        }
        if (row.first_order_slot != kNone) {
          slots_[row.first_order_slot * slot_size_] = first_order;
        }
      }
    }
  }

 private:
  // R of the parent of row k of a batch, before which the launch has so many of its window.
  __device__ double unrolled(const TableRow& row, int k, int before, int column, const Batch<kRows>& batch) const {
    if (row.parent <= kCarried && row.parent <= before) {
      return row.parent == 1 ? last_ : before_last_;
    }
    if (row.parent <= k) {
      const int at = k - row.parent;
      return __dadd_rn(batch.first_orders[at][column], batch.brought[at][column]);
    }
    return slots_[row.parent_slot * slot_size_];
  }

  double* slots_;
  int64_t slot_size_;
  double dropped_[kRows];
  double last_ = 0, before_last_ = 0;
};

}  // namespace
}  // namespace paraflux

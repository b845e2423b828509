// The one part of a window's residuals that goes row by row: what rows bring to later ones. A thread walks down some
// columns of the block.
#pragma once

#include "kernel/window_rows.cuh"

namespace paraflux {
namespace {

constexpr int kBatchRows = 16;
constexpr int kWalkers = 64;
constexpr int kOfWalker = kColumns / kWalkers;  // columns, kWalkers apart

// In shared memory, of the rows of a batch; links of the next batch, too.
struct Batch {
  double first_orders[kBatchRows][kColumns];
  double brought[kBatchRows][kColumns];  // before the walk, what leaves a row's sum, if it lies before the batch
  Links links[2][kBatchRows];
};

class Walk {
 public:
  // `column` is the thread's first column.
  __device__ Walk(double* slots, int64_t slot_size, int column) : slot_size_(slot_size), column_(column) {
#pragma unroll
    for (int i = 0; i < kOfWalker; ++i) {
      slots_[i] = slots + element_of(column + i * kWalkers);
    }
  }

  // Walks down a batch; `done` rows of the window lie before it in the launch.
  __device__ void run(const Links* links, int count, int done, Batch& batch) {
#pragma unroll
    for (int k = 0; k < kBatchRows; ++k) {
      if (k < count) {
        const Links& link = links[k];
        double brought[kOfWalker], first_order[kOfWalker];
#pragma unroll
        for (int i = 0; i < kOfWalker; ++i) {
          brought[i] = -0.0;  // nothing, to the bit
          first_order[i] = batch.first_orders[k][column_ + i * kWalkers];
        }
        if (link.parent > 0) {
          double parent[kOfWalker];
          find_parent(link, k, done + k, batch, parent);
#pragma unroll
          for (int i = 0; i < kOfWalker; ++i) {
            brought[i] = __dmul_rn(link.factor, parent[i]);
          }
        }
        if (link.drop > 0) {
#pragma unroll
          for (int i = 0; i < kOfWalker; ++i) {
            const int column = column_ + i * kWalkers;
            const double left = link.drop > k ? batch.brought[k][column]
                                              : __dmul_rn(link.drop_factor, batch.first_orders[k - link.drop][column]);
            brought[i] = link.parent > 0 ? __dsub_rn(brought[i], left) : -left;
          }
        }
#pragma unroll
        for (int i = 0; i < kOfWalker; ++i) {
          batch.brought[k][column_ + i * kWalkers] = brought[i];
          before_last_[i] = last_[i];
          last_[i] = __dadd_rn(first_order[i], brought[i]);
          if (link.unrolled_slot != kNone) {
            slots_[i][link.unrolled_slot * slot_size_] = last_[i];
          }
          if (link.first_order_slot != kNone) {
            slots_[i][link.first_order_slot * slot_size_] = first_order[i];
          }
        }
      }
    }
  }

 private:
  // R of the parent of row k of a batch, before which the launch has so many of its window.
  __device__ void find_parent(const Links& link, int k, int before, const Batch& batch, double* parent) const {
    const bool carried = link.parent <= kCarried && link.parent <= before;
#pragma unroll
    for (int i = 0; i < kOfWalker; ++i) {
      if (carried) {
        parent[i] = link.parent == 1 ? last_[i] : before_last_[i];
      } else if (link.parent <= k) {
        const int at = k - link.parent, column = column_ + i * kWalkers;
        parent[i] = __dadd_rn(batch.first_orders[at][column], batch.brought[at][column]);
      } else {
        parent[i] = slots_[i][link.parent_slot * slot_size_];
      }
    }
  }

  double* slots_[kOfWalker];
  int64_t slot_size_;
  int column_;
  double last_[kOfWalker] = {}, before_last_[kOfWalker] = {};
};

}  // namespace
}  // namespace paraflux

// Where the CPU kernel keeps what later rows of a window ask for, inside the caller's scratch.
#pragma once

#include "kernel/address.h"
#include "kernel/window_order.h"

namespace paraflux {
namespace {

constexpr int64_t kPlanIntegers = 6;  // a row
constexpr int64_t kPlanDoubles = kPlanIntegers / 2;
constexpr int64_t kSlotsOfRow = 2;

constexpr int64_t window_scratch(int64_t rows) {
  return rows * (kPlanDoubles + kSlotsOfRow * kWindowTile) + kAlignDoubles;
}

// A tile of r and one of R for every row, each in a slot that is free again after the last row that asks for it. A
// chain thus needs few slots, and the cache holds them, however long the window is.
class WindowPlan {
 public:
  WindowPlan(int64_t rows, const ParafluxWindowRow* links, double* scratch)
      : first_order_(reinterpret_cast<int32_t*>(scratch)),
        unrolled_(first_order_ + rows),
        last_first_order_(unrolled_ + rows),
        slots_(at_line(scratch + rows * kPlanDoubles)) {
    int32_t* last_unrolled = last_first_order_ + rows;
    int32_t* free_slots = last_unrolled + rows;
    for (int64_t i = 0; i < rows; ++i) {
      last_first_order_[i] = last_unrolled[i] = static_cast<int32_t>(i);
      if (links[i].drop >= 0) {
        last_first_order_[links[i].drop] = static_cast<int32_t>(i);
      }
      if (links[i].parent >= 0) {
        last_unrolled[links[i].parent] = static_cast<int32_t>(i);
      }
    }
    int32_t made = 0;
    int64_t free_count = 0;
    const auto take = [&] { return free_count > 0 ? free_slots[--free_count] : made++; };
    for (int64_t i = 0; i < rows; ++i) {
      first_order_[i] = take();
      unrolled_[i] = take();
      const auto give_after_last = [&](int64_t row, const int32_t* slots, const int32_t* last) {
        if (row >= 0 && last[row] == i) {
          free_slots[free_count++] = slots[row];
        }
      };
      give_after_last(i, first_order_, last_first_order_);
      give_after_last(links[i].drop, first_order_, last_first_order_);
      give_after_last(i, unrolled_, last_unrolled);
      give_after_last(links[i].parent, unrolled_, last_unrolled);
    }
  }

  bool first_order_is_asked_for(int64_t row) const { return last_first_order_[row] > row; }

  double* first_order(int64_t row) const { return slots_ + first_order_[row] * kWindowTile; }
  double* unrolled(int64_t row) const { return slots_ + unrolled_[row] * kWindowTile; }

 private:
  int32_t* first_order_;
  int32_t* unrolled_;
  int32_t* last_first_order_;  // last row that asks for it, or the row itself
  double* slots_;
};

}  // namespace
}  // namespace paraflux

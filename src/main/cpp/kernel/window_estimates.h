// Where the CPU kernel keeps what rows of a window ask of estimates, inside the caller's scratch.
#pragma once

#include "kernel/window_order.h"

namespace paraflux {
namespace {

constexpr int64_t kPlanIntegersOfEstimate = 3;
constexpr int64_t kFloatsInDouble = sizeof(double) / sizeof(float);
constexpr int64_t kIncrements = 4;  // of so many nodes in turn: three are looked at, and one is on its way

constexpr int64_t estimate_plan_doubles(int64_t rows, int64_t estimates) {
  return parts_of(rows + kPlanIntegersOfEstimate * estimates, 2);
}

constexpr int64_t estimate_scratch(int64_t rows, int64_t estimates) {
  return estimates == 0 ? 0
                        : estimate_plan_doubles(rows, estimates) + kAlignDoubles + kIncrements * kWindowTile +
                              estimates * kWindowTile / kFloatsInDouble;
}

inline int64_t estimate_of(int64_t input) { return -1 - input; }

// A tile of the output of every row in between, in a slot that is free again after the last row that asks for it.
class EstimatePlan {
 public:
  EstimatePlan(int64_t rows, const ParafluxWindowRow* window, int64_t count, const ParafluxEstimate* estimates,
               double* scratch)
      : needed_(reinterpret_cast<int32_t*>(scratch)),
        slot_(needed_ + rows),
        increments_(at_line(scratch + estimate_plan_doubles(rows, count))),
        slots_(reinterpret_cast<float*>(increments_ + kIncrements * kWindowTile)) {
    int32_t *last_row = slot_ + count, *free_slots = last_row + count;
    for (int64_t g = 0; g < count; ++g) {
      last_row[g] = kNobody;
    }
    for (int64_t i = 0; i < rows; ++i) {
      needed_[i] = i == 0 ? 0 : needed_[i - 1];
      for_each_estimate(window[i], [&](int64_t g) {
        last_row[g] = static_cast<int32_t>(i);
        needed_[i] = needed_[i] > g ? needed_[i] : static_cast<int32_t>(g + 1);
      });
    }
    int64_t free_count = 0;
    int32_t made = 0;
    const auto give = [&](int64_t g) {
      if (estimates[g].output == 0) {
        free_slots[free_count++] = slot_[g];
      }
    };
    int64_t g = 0;
    const auto take_until = [&](int64_t end) {
      for (; g < end; ++g) {
        if (estimates[g].output == 0) {
          slot_[g] = free_count > 0 ? free_slots[--free_count] : made++;
          if (last_row[g] == kNobody) {
            give(g);
          }
        }
      }
    };
    for (int64_t i = 0; i < rows; ++i) {
      take_until(needed_[i]);
      for_each_estimate(window[i], [&](int64_t named) {
        if (last_row[named] == i) {
          last_row[named] = kNobody;  // given once, however often the row names it
          give(named);
        }
      });
    }
    take_until(count);
  }

  // How many estimates, from the first on, are to be made before a row.
  int64_t needed(int64_t row) const { return needed_[row]; }
  float* output(int64_t estimate) const { return slots_ + slot_[estimate] * kWindowTile; }
  double* increment(int64_t node) const { return increments_ + node % kIncrements * kWindowTile; }

 private:
  static constexpr int32_t kNobody = -1;

  template <typename Body>
  static void for_each_estimate(const ParafluxWindowRow& row, Body body) {
    for (int64_t k = 0; k < row.right.terms; ++k) {
      if (row.right.term[k].input < 0) {
        body(estimate_of(row.right.term[k].input));
      }
    }
  }

  int32_t* needed_;
  int32_t* slot_;
  double* increments_;
  float* slots_;
};

}  // namespace
}  // namespace paraflux

// What rows of a program do with a value on CUDA, with and without sums.
#pragma once

#include "kernel/cuda_launch.cuh"
#include "kernel/program_strands.h"

namespace paraflux {
namespace {

// Loads of later elements must not wait for stores of earlier ones, which may alias them as far as the compiler knows.
// So a thread reads several elements, of all terms together this many values, before it stores any; none of them is
// another's input.
constexpr int kLoads = 16;

// A NaN is neither below nor above the limits, and stays one.
__device__ inline double seen(const RowFinish& finish, float value) {
  const float low = __double2float_rn(finish.seen_low), high = __double2float_rn(finish.seen_high);
  const float raised = value < low ? low : value;
  return static_cast<double>(raised > high ? high : raised);
}

__device__ inline float stored(const StrandRow& row, double value, float mask, float known) {
  if (asks(row, PARAFLUX_ROW_CLAMP)) {
    const RowFinish& finish = finish_of(row);
    const double raised = value < finish.low ? finish.low : value;
    const double clamped = raised > finish.high ? finish.high : raised;
    const double kept = isfinite(value) ? clamped : value;
    return __double2float_rn(finish.divisor == 1.0 ? kept : __ddiv_rn(kept, finish.divisor));
  }
  if (asks(row, PARAFLUX_ROW_BLEND)) {
    const double share = static_cast<double>(mask);
    return __double2float_rn(
        __dadd_rn(__dmul_rn(share, value), __dmul_rn(__dsub_rn(1.0, share), static_cast<double>(known))));
  }
  return __double2float_rn(value);
}

}  // namespace
}  // namespace paraflux

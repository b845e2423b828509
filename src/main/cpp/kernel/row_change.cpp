// Equation (1) with the change that it made, on the CPU; compiled once per instruction set (isa.h).
#include "paraflux/row_change.h"

#include "kernel/combination.h"
#include "kernel/isa.h"
#include "kernel/lanes.h"

namespace paraflux::PARAFLUX_ISA_NAMESPACE {
namespace {

// The range of a value that is seen. A NaN is neither below nor above it, and stays one.
struct Range {
  float low, high;

  double seen(float value) const {
    const float raised = value < low ? low : value;
    return static_cast<double>(raised > high ? high : raised);
  }
};

template <int kTerms>
struct Changes {
  Combination<kTerms> combination;
  const float* before;
  float* out;
  Range range;

  // An output may be one of its inputs, or what it is compared with, but then element by element the same, and read
  // before it is stored: no iteration depends on another. Copies, because a store through `out` may alias the members
  // as far as the compiler knows, and then it keeps to single values, at half the speed.
  void add(int64_t e, int64_t count, double* lanes) const {
    const Combination<kTerms> sum = combination;
    const Range limits = range;
    const float* old = before + e;
    float* stored = out + e;
#pragma GCC ivdep
    for (int64_t l = 0; l < count; ++l) {
      const double was = limits.seen(old[l]);
      const float is = static_cast<float>(sum.at(e + l));
      stored[l] = is;
      lanes[l] += __builtin_fabs(limits.seen(is) - was);
    }
  }

  __attribute__((always_inline)) void prefetch(int64_t e, int64_t count) const {
    combination.prefetch(e, count);
    prefetch_row(before, e, count);
  }
};

template <int kTerms>
double update_row(int64_t dim, float* out, const int64_t* inputs, const double* coefficients, const float* before,
                  Range range) {
  return row_sum(Changes<kTerms>{{inputs, coefficients}, before, out, range}, dim);
}

constexpr decltype(&update_row<1>) kUpdateRow[PARAFLUX_MAX_TERMS] = {update_row<1>, update_row<2>, update_row<3>,
                                                                     update_row<4>, update_row<5>, update_row<6>,
                                                                     update_row<7>, update_row<8>, update_row<9>};

}  // namespace

int row_change(int64_t rows, int64_t dim, const int64_t* out, const int32_t* terms, const int64_t* inputs,
               const double* coefficients, const int64_t* before, float low, float high, double* changes) {
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t first = r * PARAFLUX_MAX_TERMS;
    changes[r] = kUpdateRow[terms[r] - 1](dim, pointer<float>(out[r]), inputs + first, coefficients + first,
                                          pointer<const float>(before[r]), {low, high});
  }
  return 0;
}

}  // namespace paraflux::PARAFLUX_ISA_NAMESPACE

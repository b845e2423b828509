// Sums of squares on the CPU; compiled once per instruction set (isa.h).
#include "paraflux/row_norms.h"

#include "kernel/combination.h"
#include "kernel/isa.h"
#include "kernel/lanes.h"

namespace paraflux::PARAFLUX_ISA_NAMESPACE {
namespace {

template <int kTerms>
struct Squares {
  Combination<kTerms> combination;

  void add(int64_t e, int64_t count, double* lanes) const {
    for (int64_t l = 0; l < count; ++l) {
      const double value = combination.at(e + l);
      lanes[l] += value * value;
    }
  }

  __attribute__((always_inline)) void prefetch(int64_t e, int64_t count) const { combination.prefetch(e, count); }
};

template <int kTerms>
double squares_of_row(int64_t dim, const int64_t* inputs, const double* coefficients) {
  return row_sum(Squares<kTerms>{{inputs, coefficients}}, dim);
}

constexpr decltype(&squares_of_row<1>) kSquaresOfRow[PARAFLUX_MAX_TERMS] = {
    squares_of_row<1>, squares_of_row<2>, squares_of_row<3>, squares_of_row<4>, squares_of_row<5>,
    squares_of_row<6>, squares_of_row<7>, squares_of_row<8>, squares_of_row<9>};

}  // namespace

int row_norms(int64_t rows, int64_t dim, const int32_t* terms, const int64_t* inputs, const double* coefficients,
              double* sums) {
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t first = r * PARAFLUX_MAX_TERMS;
    sums[r] = kSquaresOfRow[terms[r] - 1](dim, inputs + first, coefficients + first);
  }
  return 0;
}

}  // namespace paraflux::PARAFLUX_ISA_NAMESPACE

// Equation (1) on the CPU; compiled once per instruction set (isa.h).
#include "paraflux/row_update.h"

#include "kernel/combination.h"
#include "kernel/isa.h"

namespace paraflux::PARAFLUX_ISA_NAMESPACE {
namespace {

template <int kTerms>
void update_row(int64_t dim, float* out, const int64_t* inputs, const double* coefficients) {
  const Combination<kTerms> combination(inputs, coefficients);
  // An output may be one of its inputs, but then element by element the same: no iteration depends on another.
#pragma GCC ivdep
  for (int64_t e = 0; e < dim; ++e) {
    out[e] = static_cast<float>(combination.at(e));
  }
}

constexpr decltype(&update_row<1>) kUpdateRow[PARAFLUX_MAX_TERMS] = {update_row<1>, update_row<2>, update_row<3>,
                                                                     update_row<4>, update_row<5>, update_row<6>,
                                                                     update_row<7>, update_row<8>, update_row<9>};

}  // namespace

int row_update(int64_t rows, int64_t dim, const int64_t* out, const int32_t* terms, const int64_t* inputs,
               const double* coefficients) {
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t first = r * PARAFLUX_MAX_TERMS;
    kUpdateRow[terms[r] - 1](dim, pointer<float>(out[r]), inputs + first, coefficients + first);
  }
  return 0;
}

}  // namespace paraflux::PARAFLUX_ISA_NAMESPACE

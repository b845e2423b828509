// The public CPU kernels that exist once per instruction set.
#include <assert.h>

#include "kernel/isa.h"
#include "kernel/norms_order.h"

namespace {

[[maybe_unused]] bool terms_are_legal(int64_t rows, const int32_t* terms) {
  for (int64_t r = 0; r < rows; ++r) {
    if (terms[r] < 1 || terms[r] > PARAFLUX_MAX_TERMS) {
      return false;
    }
  }
  return true;
}

}  // namespace

extern "C" int paraflux_row_update(int64_t rows, int64_t dim, const int64_t* out, const int32_t* terms,
                                   const int64_t* inputs, const double* coefficients) {
  assert(rows >= 0 && dim >= 1 && terms_are_legal(rows, terms));
  return paraflux::cpu_kernels().row_update(rows, dim, out, terms, inputs, coefficients);
}

extern "C" int paraflux_row_norms(int64_t rows, int64_t dim, const int32_t* terms, const int64_t* inputs,
                                  const double* coefficients, double* sums) {
  assert(rows >= 0 && dim >= 1 && terms_are_legal(rows, terms));
  return paraflux::cpu_kernels().row_norms(rows, dim, terms, inputs, coefficients, sums);
}

extern "C" int64_t paraflux_row_norms_scratch(int64_t rows, int64_t dim) { return rows * paraflux::chunks_of(dim); }

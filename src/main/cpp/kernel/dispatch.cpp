// The public CPU kernels that exist once per instruction set.
#include <assert.h>

#include "kernel/gram_order.h"
#include "kernel/isa.h"
#include "kernel/norms_order.h"
#include "kernel/window_plan.h"

namespace {

[[maybe_unused]] bool terms_are_legal(int64_t rows, const int32_t* terms) {
  for (int64_t r = 0; r < rows; ++r) {
    if (terms[r] < 1 || terms[r] > PARAFLUX_MAX_TERMS) {
      return false;
    }
  }
  return true;
}

// Rows name rows before them only.
[[maybe_unused]] bool links_are_legal(int64_t rows, const int32_t* links) {
  for (int64_t r = 0; r < rows; ++r) {
    if (links[r] < -1 || links[r] >= r) {
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

extern "C" int paraflux_row_change(int64_t rows, int64_t dim, const int64_t* out, const int32_t* terms,
                                   const int64_t* inputs, const double* coefficients, const int64_t* before, float low,
                                   float high, double* changes) {
  assert(rows >= 0 && dim >= 1 && terms_are_legal(rows, terms) && low <= high);
  return paraflux::cpu_kernels().row_change(rows, dim, out, terms, inputs, coefficients, before, low, high, changes);
}

extern "C" int paraflux_row_gram(int64_t groups, int32_t size, int64_t dim, const int32_t* terms, const int64_t* inputs,
                                 const double* coefficients, double* sums) {
  assert(groups >= 0 && size >= 1 && size <= PARAFLUX_MAX_GRAM && dim >= 1 && terms_are_legal(groups * size, terms));
  return paraflux::cpu_kernels().row_gram(groups, size, dim, terms, inputs, coefficients, sums);
}

extern "C" int64_t paraflux_row_gram_scratch(int64_t groups, int32_t size, int64_t dim) {
  return groups * paraflux::gram_pairs(size) * paraflux::gram_chunks(dim);
}

extern "C" int64_t paraflux_row_norms_scratch(int64_t rows, int64_t dim) { return rows * paraflux::chunks_of(dim); }

extern "C" int paraflux_window_residual(int64_t rows, int64_t dim, const int32_t* terms, const int64_t* inputs,
                                        const double* coefficients, const int64_t* x, const int32_t* parents,
                                        const double* factors, const int32_t* drops, const double* drop_factors,
                                        const int64_t* residuals, const int64_t* maps, int32_t history,
                                        const int64_t* olds, double* squares, double* dots, double* scratch) {
  assert(rows >= 0 && dim >= 1 && terms_are_legal(rows, terms));
  assert(history >= 0 && history <= PARAFLUX_MAX_HISTORY);
  assert(links_are_legal(rows, parents) && links_are_legal(rows, drops));
  return paraflux::cpu_kernels().window_residual(rows, dim, terms, inputs, coefficients, x, parents, factors, drops,
                                                 drop_factors, residuals, maps, history, olds, squares, dots, scratch);
}

extern "C" int64_t paraflux_window_scratch(int64_t rows, int64_t) { return paraflux::window_scratch(rows); }
